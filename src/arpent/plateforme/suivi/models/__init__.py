"""What is followed once projects are retained: works, evaluation, questionnaires, report, closing."""

from .avancement import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from .evaluation import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from .questionnaires import (
    CampagneQuestionnaire,
    DestinataireQuestionnaire,
    InvitationQuestionnaire,
    ReponseQuestionnaire,
)
from .questions import CadreEvaluation, ReponseEvaluation, VersionReponseEvaluation

__all__ = [
    "CadreEvaluation",
    "CampagneQuestionnaire",
    "DestinataireQuestionnaire",
    "IndicateurSuivi",
    "InvitationQuestionnaire",
    "JalonProjet",
    "PhotoChantier",
    "PoidsEnjeu",
    "PointBloquant",
    "ReponseEvaluation",
    "ReponseQuestionnaire",
    "SuiviProjet",
    "ValeurSuivie",
    "VersionReponseEvaluation",
]
