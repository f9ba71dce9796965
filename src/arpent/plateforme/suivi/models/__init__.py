"""What is followed once projects are retained: works, evaluation, questionnaires, report, closing."""

from .avancement import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from .cloture import ClotureContrat
from .evaluation import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from .questionnaires import (
    CampagneQuestionnaire,
    DestinataireQuestionnaire,
    InvitationQuestionnaire,
    ReponseQuestionnaire,
)
from .questions import CadreEvaluation, ReponseEvaluation, VersionReponseEvaluation
from .rapport import SectionRapport

__all__ = [
    "CadreEvaluation",
    "CampagneQuestionnaire",
    "ClotureContrat",
    "DestinataireQuestionnaire",
    "IndicateurSuivi",
    "InvitationQuestionnaire",
    "JalonProjet",
    "PhotoChantier",
    "PoidsEnjeu",
    "PointBloquant",
    "ReponseEvaluation",
    "ReponseQuestionnaire",
    "SectionRapport",
    "SuiviProjet",
    "ValeurSuivie",
    "VersionReponseEvaluation",
]
