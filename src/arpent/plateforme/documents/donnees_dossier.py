"""What the papers of a grant file need to know: its acknowledgement, the report that carries it.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None and "" when unknown, texts never
read as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .donnees import ZERO
from .donnees_charte import CharteDoc
from .donnees_fiche import CollectiviteDoc


@dataclass(frozen=True, slots=True)
class AccuseDossierDoc:
    """The authority recognises that a file is complete, and says what follows from it.

    `silence_le`: the day from which its silence is a rejection; None: the law sets none here.
    """

    autorite: CollectiviteDoc
    beneficiaire: CollectiviteDoc
    territoire: str
    dispositif: str
    contrat: str
    reference: str
    numero_projet: str
    titre_projet: str
    etabli_le: date
    depose_le: date
    complet_le: date
    stade: str
    cout_ht: Decimal
    assiette: Decimal
    aide_demandee: Decimal
    aide_du_contrat: Decimal
    pieces: tuple[str, ...] = ()
    commencement: str = ""
    commencement_article: str = ""
    silence_le: date | None = None
    silence_article: str = ""
    silence_calcul: str = ""
    instruit_par: str = ""
    demonstration: bool = False
    charte: CharteDoc | None = None
    gabarit: str = "accuse_dossier/v1"


@dataclass(frozen=True, slots=True)
class IndividualisationDoc:
    """One aid that the report proposes. `taux` from 0 to 1; `sens`: what was voted, in words."""

    dossier: str
    beneficiaire: str
    territoire: str
    projet: str
    cout_ht: Decimal
    assiette: Decimal | None
    taux: Decimal | None
    montant: Decimal
    aide_du_contrat: Decimal
    fonds: str = ""
    annee: int | None = None
    motif: str = ""
    sens: str = ""
    montant_vote: Decimal | None = None
    demonstration: bool = False

    @property
    def retenu(self) -> Decimal:
        """What counts in the sums: proposed, then what was voted of it (nothing when it was not adopted)."""
        if not self.sens:
            return self.montant
        return ZERO if self.montant_vote is None else self.montant_vote


@dataclass(frozen=True, slots=True)
class FondsIndividualiseDoc:
    """The lines that one fund pays, and their sums."""

    fonds: str
    lignes: tuple[IndividualisationDoc, ...]

    @property
    def total(self) -> Decimal:
        return sum((x.retenu for x in self.lignes), ZERO)

    @property
    def total_couts(self) -> Decimal:
        return sum((x.cout_ht for x in self.lignes), ZERO)


@dataclass(frozen=True, slots=True)
class RapportCommissionDoc:
    """The report to the commission permanente, with its list of individualisation.

    `deliberation`: number of the act once voted; empty: a report to be voted.
    """

    autorite: CollectiviteDoc
    numero: str
    objet: str
    assemblee: str
    etabli_le: date
    lignes: tuple[IndividualisationDoc, ...]
    seance_le: date | None = None
    deliberation: str = ""
    deliberation_le: date | None = None
    vote: str = ""
    visas: tuple[str, ...] = ()
    charte: CharteDoc | None = None
    gabarit: str = "rapport_commission/v1"

    @property
    def par_fonds(self) -> tuple[FondsIndividualiseDoc, ...]:
        """In the order of the lines; those without a fund last."""
        noms = sorted(dict.fromkeys(x.fonds for x in self.lignes), key=lambda n: not n)
        return tuple(
            FondsIndividualiseDoc(nom, tuple(x for x in self.lignes if x.fonds == nom)) for nom in noms
        )

    @property
    def total(self) -> Decimal:
        return sum((x.retenu for x in self.lignes), ZERO)

    @property
    def demonstration(self) -> bool:
        return any(x.demonstration for x in self.lignes)
