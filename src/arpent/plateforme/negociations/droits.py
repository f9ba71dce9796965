"""Which right opens each gesture of a scenario, and what one may do on a maquette right now."""

from __future__ import annotations

from arpent.metier.cycles.cycle import Transition
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, DE_LA_MAQUETTE, EtatScenario
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .models import Scenario

ARBITRER = "maquette.arbitrer"
VOIR = "maquette.voir"


def peut_arbitrer(agent: Agent, scenario: Scenario, demarche: Demarche) -> Avis:
    """Whether the amounts may be changed: the right, and a maquette still being worked on. No query."""
    if not (avis := peut_sur(agent, ARBITRER, demarche)):
        return avis
    if scenario.etat != EtatScenario.TRAVAIL:
        return Avis(
            False,
            f"La maquette est « {DE_LA_MAQUETTE[EtatScenario(scenario.etat)]} » : "
            "reprenez le travail pour modifier ses montants.",
        )
    return ACCORDE


def gestes_ouverts(agent: Agent, scenario: Scenario, demarche: Demarche) -> list[Transition]:
    """The gestures of the cycle that this agent may make now; a counter-offer has its own page. No query."""
    return [
        geste
        for geste in CYCLE_SCENARIO.gestes_possibles(scenario.etat)
        if geste.geste != "contre_offrir" and peut_sur(agent, geste.droit, demarche)
    ]
