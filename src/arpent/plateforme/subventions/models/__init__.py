"""Rows of the grant files: the file, its money, its pieces, the reports; payments, deadlines, credits."""

from .credits import NumeroEngagement, VoteCredits
from .dossier import Dossier, DossierQuerySet, FinancementDossier
from .echeances import AlerteEcheance, LigneCaducite, LotCaducite, Prorogation
from .pieces import DemandePiece, PieceDossier
from .rapports import LigneRapport, RapportCommission, RapportQuerySet
from .versements import DemandeVersement, DemandeVersementQuerySet, PieceVersement, Retenue, Reversement

__all__ = [
    "AlerteEcheance", "DemandePiece", "DemandeVersement", "DemandeVersementQuerySet", "Dossier",
    "DossierQuerySet", "FinancementDossier", "LigneCaducite", "LigneRapport", "LotCaducite",
    "NumeroEngagement", "PieceDossier", "PieceVersement", "Prorogation", "RapportCommission",
    "RapportQuerySet", "Retenue", "Reversement", "VoteCredits",
]  # fmt: skip
