"""What the draft délibération by which a party approves the contract, or an avenant, needs to know.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None when unknown, texts never read as
markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .donnees import ZERO, VisaDoc
from .donnees_avenant import LigneRevueDoc, MouvementDoc
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


@dataclass(frozen=True, slots=True)
class ApprobationAvenantDoc:
    """The draft act by which an assembly approves a version of an avenant and authorises its signature.

    `lignes` are those of the party, or all of them when it owns none. `manques` is what the data do not give
    and the act owes, besides the sitting.
    """

    collectivite: CollectiviteDoc
    territoire: str
    dispositif: str
    avenant: str
    """« Avenant n° 2 »."""
    objet: str
    contrat: str
    version: str
    etabli_le: date
    parties: tuple[str, ...]
    mouvements: tuple[MouvementDoc, ...]
    nombre_avant: int
    nombre_apres: int
    aide_avant: Decimal
    aide_apres: Decimal
    voie: str
    reference: str = ""
    seance: SeanceDoc = field(default_factory=SeanceDoc)
    signataire: str = ""
    qualite: str = ""
    ecartes: str = ""
    visas: tuple[VisaDoc, ...] = ()
    lignes: tuple[LigneRevueDoc, ...] = ()
    lignes_de_la_partie: bool = False
    enveloppe: Decimal | None = None
    date_effet: date | None = None
    manques: tuple[str, ...] = ()
    rappels: tuple[str, ...] = ()
    demonstration: bool = False
    gabarit: str = "approbation_avenant/v1"

    @property
    def a_completer(self) -> tuple[str, ...]:
        """What is missing, in the words of the document."""
        absents = (*self.seance.absents, ("le signataire de l’avenant", not self.signataire))
        return (*(quoi for quoi, manque in absents if manque), *self.manques)
