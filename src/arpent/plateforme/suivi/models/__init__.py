"""What is followed once projects are retained: works, yearly meeting, evaluation, report, closing."""

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
from .rendez_vous import DossierRendezVous, QuestionRendezVous

__all__ = [
    "CadreEvaluation",
    "CampagneQuestionnaire",
    "ClotureContrat",
    "DestinataireQuestionnaire",
    "DossierRendezVous",
    "IndicateurSuivi",
    "InvitationQuestionnaire",
    "JalonProjet",
    "PhotoChantier",
    "PoidsEnjeu",
    "PointBloquant",
    "QuestionRendezVous",
    "ReponseEvaluation",
    "ReponseQuestionnaire",
    "SectionRapport",
    "SuiviProjet",
    "ValeurSuivie",
    "VersionReponseEvaluation",
]
