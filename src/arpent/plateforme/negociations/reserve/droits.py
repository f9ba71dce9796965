"""Who may ask, assess and decide, and which gestures of a request are open to a person now."""

from __future__ import annotations

from arpent.metier.cycles.cycle import Transition
from arpent.metier.cycles.reserve import A_DECIDER, CYCLE_RESERVE, DEMANDER, EtatReserve
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from ..models import DemandeReserve

VOIR = "reserve.voir"
LIRE_TOUT = "reserve.lire_autorite"
MODIFIABLES = frozenset({EtatReserve.BROUILLON.value, EtatReserve.A_COMPLETER.value})


def porteurs_de(agent: Agent, demarche: Demarche) -> set[int] | None:
    """The owners for which the agent may ask on that territory; None: all of them. No query."""
    ids: set[int] = set()
    for h in agent.habilitations_en_cours:
        if DEMANDER not in h.definition.droits:
            continue
        if h.definition.portee is Portee.TOUT:
            return None
        if h.territoire_id != demarche.territoire_id:
            continue
        if h.definition.portee is Portee.TERRITOIRE:
            return None
        ids.add(h.organisation_id or 0)
    return ids


def peut_demander_pour(agent: Agent, demande: DemandeReserve) -> Avis:
    """Whether the agent acts for the owner of the fiche. No query when the fiche is loaded."""
    if not (avis := peut_sur(agent, DEMANDER, demande.demarche)):
        return avis
    porteurs = porteurs_de(agent, demande.demarche)
    if porteurs is None or demande.fiche.maitre_ouvrage_id in porteurs:
        return ACCORDE
    return Avis(
        False,
        f"Cette demande est celle de {demande.fiche.maitre_ouvrage.nom} : adressez-vous au maître d’ouvrage "
        "ou à l’intercommunalité.",
    )


def peut_modifier(agent: Agent, demande: DemandeReserve) -> Avis:
    """The amount and the answers change while the request is in the hands of the territory."""
    if not (avis := peut_demander_pour(agent, demande)):
        return avis
    if demande.etat in MODIFIABLES:
        return ACCORDE
    suite = (
        "le service instructeur peut vous la renvoyer à compléter."
        if demande.etat in A_DECIDER
        else "elle ne se modifie plus."
    )
    return Avis(False, f"La demande est « {demande.get_etat_display().lower()} » : {suite}")


def peut_geste(agent: Agent, demande: DemandeReserve, transition: Transition) -> Avis:
    if transition.droit == DEMANDER:
        return peut_demander_pour(agent, demande)
    return peut_sur(agent, transition.droit, demande.demarche)


def gestes_ouverts(agent: Agent, demande: DemandeReserve) -> list[Transition]:
    """The gestures of the cycle that this agent may make now. No query."""
    return [t for t in CYCLE_RESERVE.gestes_possibles(demande.etat) if peut_geste(agent, demande, t)]
