"""What the draft délibération by which a party approves the contract needs to know.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None when unknown, texts never read as
markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .donnees import ZERO, VisaDoc
from .donnees_fiche import CollectiviteDoc, SeanceDoc


@dataclass(frozen=True, slots=True)
class ProjetApprouveDoc:
    """A project of the contract, as the version voted writes it."""

    numero: str
    titre: str
    maitre_ouvrage: str
    cout_ht: Decimal | None
    aide: Decimal


@dataclass(frozen=True, slots=True)
class ApprobationDoc:
    """The draft act by which an assembly approves a version of the contract and authorises its signature.

    `projets` are those of the party, or all of them when it owns none. `manques` is what the data do not
    give and the act owes, besides the sitting.
    """

    collectivite: CollectiviteDoc
    autorite: str
    territoire: str
    dispositif: str
    titre_contrat: str
    version: str
    etabli_le: date
    parties: tuple[str, ...]
    nombre_projets: int
    total_aides: Decimal
    reference: str = ""
    seance: SeanceDoc = field(default_factory=SeanceDoc)
    signataire: str = ""
    qualite: str = ""
    ecartes: str = ""
    visas: tuple[VisaDoc, ...] = ()
    projets: tuple[ProjetApprouveDoc, ...] = ()
    projets_de_la_partie: bool = False
    enveloppe: Decimal | None = None
    duree_annees: int | None = None
    date_effet: str = ""
    manques: tuple[str, ...] = ()
    rappels: tuple[str, ...] = ()
    demonstration: bool = False
    gabarit: str = "approbation/v1"

    @property
    def total_projets(self) -> Decimal:
        """The aid of the projects listed."""
        return sum((p.aide for p in self.projets), ZERO)

    @property
    def a_completer(self) -> tuple[str, ...]:
        """What is missing, in the words of the document; the same list is shown before the download."""
        absents = (
            *self.seance.absents,
            ("le signataire du contrat", not self.signataire),
        )
        return (*(quoi for quoi, manque in absents if manque), *self.manques)
