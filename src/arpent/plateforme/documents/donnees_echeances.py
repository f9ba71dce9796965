"""What the acts on deadlines need to know: lapses pronounced together, an extension granted.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, texts never read as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .donnees import ZERO
from .donnees_charte import CharteDoc
from .donnees_fiche import CollectiviteDoc


@dataclass(frozen=True, slots=True)
class LigneDecisionDoc:
    """One file of the act. `decision`: the act of its award; `motif`: the arithmetic of its deadline."""

    dossier: str
    beneficiaire: str
    territoire: str
    projet: str
    decision: str
    motif: str
    montant_attribue: Decimal
    montant_verse: Decimal = ZERO
    montant_rendu: Decimal = ZERO
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class ArreteEcheancesDoc:
    """An act: its number is empty for a draft. `articles`: sentences, in order."""

    autorite: CollectiviteDoc
    objet: str
    etabli_le: date
    lignes: tuple[LigneDecisionDoc, ...]
    numero: str = ""
    pris_le: date | None = None
    visas: tuple[str, ...] = ()
    considerants: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    recours: str = ""
    demonstration: bool = False
    charte: CharteDoc | None = None
    gabarit: str = "arrete_echeances/v1"

    @property
    def total_rendu(self) -> Decimal:
        return sum((x.montant_rendu for x in self.lignes), ZERO)
