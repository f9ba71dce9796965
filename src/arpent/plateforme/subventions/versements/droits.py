"""Who asks to be paid, who certifies, who notes the payment; the gestures of a request open to a person."""

from __future__ import annotations

from arpent.metier.cycles import CYCLE_VERSEMENT, Transition
from arpent.metier.cycles.versement import DEMANDER, EtatVersement
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.droits import peut_sur_le_theme

from ..dossiers.droits import peut_preparer
from ..models import DemandeVersement, Dossier

MODIFIABLES = frozenset({EtatVersement.BROUILLON.value, EtatVersement.A_COMPLETER.value})


def peut_demander(agent: Agent, dossier: Dossier) -> Avis:
    """Those who file for the owner ask for its payments. No query."""
    return peut_preparer(agent, dossier)


def peut_service(agent: Agent, droit: str, dossier: Dossier) -> Avis:
    """The services of the authority, on the theme of the project. One query at most."""
    dossier.fiche.demarche = dossier.demarche
    return peut_sur_le_theme(agent, droit, dossier.fiche)


def peut_sur_dossier(agent: Agent, droit: str, dossier: Dossier) -> Avis:
    return peut_demander(agent, dossier) if droit == DEMANDER else peut_service(agent, droit, dossier)


def peut_modifier(agent: Agent, demande: DemandeVersement) -> Avis:
    """The request changes while it is in the hands of its owner."""
    if not (avis := peut_demander(agent, demande.dossier)):
        return avis
    if demande.etat in MODIFIABLES:
        return ACCORDE
    etat = demande.get_etat_display().lower()
    return Avis(False, f"La demande de versement est « {etat} » : elle ne se modifie plus.")


def gestes_ouverts(agent: Agent, demande: DemandeVersement) -> list[Transition]:
    """The gestures of the cycle that this agent may make now."""
    possibles = CYCLE_VERSEMENT.gestes_possibles(demande.etat)
    return [t for t in possibles if peut_sur_dossier(agent, t.droit, demande.dossier)]
