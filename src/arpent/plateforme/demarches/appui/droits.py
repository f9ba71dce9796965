"""Who does what on a request. Each answer carries its reason."""

from __future__ import annotations

from django.db.models import QuerySet

from arpent.metier.cycles.appui import DEMANDER, REPONDRE, EtatAppui
from arpent.metier.cycles.cycle import Transition
from arpent.plateforme.acteurs.droits import ACCORDE, Avis, peut
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, Organisation, StructureAppui
from arpent.plateforme.acteurs.roles import Portee

from ..acces import peut_sur
from ..models import Demarche, Processus

ORGANISER = "appui.organiser"


def est_du_cote_demandeur(agent: Agent, demande: DemandeAppui) -> bool:
    """The person who asked, or somebody of the body it was asked for on that territory. No query."""
    return demande.demandee_par_id == agent.pk or any(
        DEMANDER in h.definition.droits
        and h.organisation_id == demande.organisation_id
        and h.territoire_id == demande.territoire_id
        for h in agent.habilitations_en_cours
        if h.organisation_id is not None
    )


def peut_repondre(agent: Agent, demande: DemandeAppui) -> Avis:
    """Whoever answers requests over that authority. No query."""
    return peut(agent, REPONDRE, territoire_id=demande.territoire_id, autorite_id=demande.autorite_id)


def peut_geste(agent: Agent, demande: DemandeAppui, transition: Transition) -> Avis:
    """Whether that gesture is this agent's: the structure's side, or the asker's. No query."""
    if transition.droit == REPONDRE:
        return peut_repondre(agent, demande)
    if est_du_cote_demandeur(agent, demande) or peut_repondre(agent, demande):
        return ACCORDE
    return Avis(False, "Ce geste revient à qui a demandé l’aide.")


def peut_dire_satisfait(agent: Agent, demande: DemandeAppui) -> Avis:
    if demande.etat != EtatAppui.CLOSE.value:
        return Avis(False, "Dites si la réponse vous aide une fois la demande close.")
    if not est_du_cote_demandeur(agent, demande):
        return Avis(False, "C’est à qui a demandé l’aide de dire si elle lui a servi.")
    return ACCORDE


def corps_de(agent: Agent, demarche: Demarche) -> list[Organisation]:
    """The bodies an agent may ask help for on that territory: those it acts for, else its authority."""
    corps = {
        h.organisation_id: h.organisation
        for h in agent.habilitations_en_cours
        if DEMANDER in h.definition.droits
        and h.organisation is not None
        and h.definition.portee in {Portee.TERRITOIRE, Portee.ORGANISATION}
        and h.territoire_id == demarche.territoire_id
    }
    if not corps and peut_sur(agent, DEMANDER, demarche):
        return [demarche.autorite]
    return list(corps.values())


def autorites_de(agent: Agent) -> QuerySet[Organisation]:
    """The authorities whose structures the agent organises. No query."""
    ids: set[int] = set()
    for h in agent.habilitations_en_cours:
        if ORGANISER not in h.definition.droits:
            continue
        if h.definition.portee is Portee.TOUT:
            conduisent = Processus.objects.order_by().values("autorite")
            return Organisation.objects.filter(pk__in=conduisent).order_by("nom")
        ids.add(h.autorite_id or 0)
    return Organisation.objects.filter(pk__in=ids).order_by("nom")


def structures_de(autorite_id: int | None) -> QuerySet[StructureAppui]:
    """Every structure of an authority, in its order. No query."""
    return StructureAppui.objects.filter(autorite=autorite_id or 0).select_related("organisation")
