"""What is followed once projects are retained: works, what the contract changes, the yearly meeting."""

from .avancement import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from .evaluation import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from .rendez_vous import DossierRendezVous, QuestionRendezVous

__all__ = [
    "DossierRendezVous",
    "IndicateurSuivi",
    "JalonProjet",
    "PhotoChantier",
    "PoidsEnjeu",
    "PointBloquant",
    "QuestionRendezVous",
    "SuiviProjet",
    "ValeurSuivie",
]
