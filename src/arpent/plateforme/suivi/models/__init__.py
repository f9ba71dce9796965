"""What is followed once projects are retained: the progress of their works, what the contract changes."""

from .avancement import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from .evaluation import IndicateurSuivi, PoidsEnjeu, ValeurSuivie

__all__ = [
    "IndicateurSuivi",
    "JalonProjet",
    "PhotoChantier",
    "PoidsEnjeu",
    "PointBloquant",
    "SuiviProjet",
    "ValeurSuivie",
]
