"""Rows of the grant files: the file, its money, its pieces, the asks, the reports to the commission."""

from .dossier import Dossier, DossierQuerySet, FinancementDossier
from .pieces import DemandePiece, PieceDossier
from .rapports import LigneRapport, RapportCommission, RapportQuerySet

__all__ = [
    "DemandePiece", "Dossier", "DossierQuerySet", "FinancementDossier", "LigneRapport", "PieceDossier",
    "RapportCommission", "RapportQuerySet",
]  # fmt: skip
