"""What the agreement on the maquette decides for each fiche."""

from __future__ import annotations

from arpent.metier.cycles.fiche import CYCLE_FICHE
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.avancement import faire_avancer_fiche, noter_accord

from .models import Proposition, Scenario

GESTES = {
    Proposition.Decision.RETENUE.value: "retenir",
    Proposition.Decision.DIFFEREE.value: "differer",
    Proposition.Decision.REFUSEE.value: "refuser",
}


def _geste(proposition: Proposition) -> str | None:
    """The gesture that the line calls for; None when it says nothing (retained with no aid)."""
    if proposition.decision == Proposition.Decision.RETENUE and not proposition.montant:
        return None
    return GESTES[proposition.decision]


def decider_les_fiches(scenario: Scenario, *, par: Agent | None) -> int:
    """Moves each fiche of the agreed maquette to what was decided; returns how many moved.

    A fiche whose state does not allow the gesture (not examined yet, already decided so) stays as it is; the
    aid agreed is noted on it all the same. Called in the transaction of the agreement.
    """
    moved = 0
    for proposition in scenario.propositions.select_related("fiche").order_by("fiche__numero"):
        geste, fiche = _geste(proposition), proposition.fiche
        noter_accord(fiche, proposition.montant if geste == "retenir" else None, par=par)
        if geste is None or geste not in {t.geste for t in CYCLE_FICHE.gestes_possibles(fiche.etat)}:
            continue
        motif = proposition.motif or "Accord sur la maquette financière"
        faire_avancer_fiche(fiche, geste, par=par, motif=motif)
        moved += 1
    return moved


def reprendre_les_accords(scenario: Scenario, *, par: Agent | None) -> int:
    """The maquette is open again: its fiches count the aid asked once more. Returns how many."""
    accordees = scenario.propositions.filter(fiche__aide_accordee__isnull=False).select_related("fiche")
    return sum(noter_accord(p.fiche, None, par=par) for p in accordees.order_by("fiche__numero"))
