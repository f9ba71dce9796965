"""Life cycles as tables one can read aloud; their diagrams are generated from them."""

from arpent.metier.cycles.appui import CYCLE_APPUI, EtatAppui
from arpent.metier.cycles.atelier import CYCLE_ATELIER, EtatAtelier
from arpent.metier.cycles.avenant import CYCLE_AVENANT, EtatAvenant
from arpent.metier.cycles.contrat import CYCLE_CONTRAT, EtatContrat
from arpent.metier.cycles.cycle import Cycle, Transition, TransitionRefusee
from arpent.metier.cycles.decision import CYCLE_DECISION, EtatDecision
from arpent.metier.cycles.demarche import CYCLE_DEMARCHE, EtatDemarche
from arpent.metier.cycles.dossier import CYCLE_DOSSIER, CYCLE_RAPPORT, EtatDossier, EtatRapport
from arpent.metier.cycles.fiche import CYCLE_FICHE, EtatFiche
from arpent.metier.cycles.reponse_evaluation import CYCLE_REPONSE_EVALUATION, EtatReponseEvaluation
from arpent.metier.cycles.reserve import CYCLE_RESERVE, EtatReserve
from arpent.metier.cycles.reunion import CYCLE_REUNION, EtatReunion
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, EtatScenario
from arpent.metier.cycles.versement import (
    CYCLE_PROROGATION,
    CYCLE_REVERSEMENT,
    CYCLE_VERSEMENT,
    EtatProrogation,
    EtatReversement,
    EtatVersement,
)

CYCLES = (
    CYCLE_DEMARCHE,
    CYCLE_ATELIER,
    CYCLE_FICHE,
    CYCLE_SCENARIO,
    CYCLE_CONTRAT,
    CYCLE_AVENANT,
    CYCLE_RESERVE,
    CYCLE_REUNION,
    CYCLE_DECISION,
    CYCLE_APPUI,
    CYCLE_DOSSIER,
    CYCLE_RAPPORT,
    CYCLE_VERSEMENT,
    CYCLE_PROROGATION,
    CYCLE_REVERSEMENT,
    CYCLE_REPONSE_EVALUATION,
)

__all__ = [
    "CYCLES",
    "CYCLE_APPUI",
    "CYCLE_ATELIER",
    "CYCLE_AVENANT",
    "CYCLE_CONTRAT",
    "CYCLE_DECISION",
    "CYCLE_DEMARCHE",
    "CYCLE_DOSSIER",
    "CYCLE_FICHE",
    "CYCLE_PROROGATION",
    "CYCLE_RAPPORT",
    "CYCLE_REPONSE_EVALUATION",
    "CYCLE_RESERVE",
    "CYCLE_REUNION",
    "CYCLE_REVERSEMENT",
    "CYCLE_SCENARIO",
    "CYCLE_VERSEMENT",
    "Cycle",
    "EtatAppui",
    "EtatAtelier",
    "EtatAvenant",
    "EtatContrat",
    "EtatDecision",
    "EtatDemarche",
    "EtatDossier",
    "EtatFiche",
    "EtatProrogation",
    "EtatRapport",
    "EtatReponseEvaluation",
    "EtatReserve",
    "EtatReunion",
    "EtatReversement",
    "EtatScenario",
    "EtatVersement",
    "Transition",
    "TransitionRefusee",
]
