"""Home: what awaits me, my territories, the next dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.cycles.fiche import CYCLE_FICHE
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.acces_termines import acces_termine
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche, Etape, Place
from arpent.plateforme.notifications.models import Notification

from .. import attente
from ..courrier.visibilite import garder_visibles
from ..decisions import decisions_attendues
from ..decisions_dossiers import dossiers_attendus
from ..decisions_versements import versements_attendus
from ..reunions_dues import reunions_a_convoquer
from ..suivi_personnel.silencieux import DROIT

HORIZON = timedelta(days=120)
TERRITOIRES_MONTRES = 12
NOTIFICATIONS_LUES, NOTIFICATIONS_MONTREES = 15, 5


@dataclass(frozen=True, slots=True)
class Borne:
    """One of the seven places, in small."""

    libelle: str
    etat: str
    etat_libelle: str
    resume: str


@dataclass(frozen=True, slots=True)
class TerritoireSuivi:
    """A démarche with its seven places and what comes next, if a date is known."""

    demarche: Demarche
    bornes: tuple[Borne, ...]
    fiches: int
    prochaine: Etape | None


def bornes_de(demarche: Demarche) -> tuple[Borne, ...]:
    """The seven places in order, from the prefetched rows: no query."""
    places = {p.code: p for p in demarche.places.all()}
    return tuple(_borne(libelle, places.get(code)) for code, libelle in Place.Code.choices)


def _borne(libelle: str, place: Place | None) -> Borne:
    if place is None:
        return Borne(libelle, Place.Etat.A_VENIR, "à venir", "")
    return Borne(libelle, place.etat, place.get_etat_display(), place.resume)


@dataclass(frozen=True, slots=True)
class MesProjets:
    """The fiches of the person's own organisations on one territory, by state."""

    demarche: Demarche
    etats: tuple[tuple[str, str, int], ...]


def mes_projets(
    agent: Agent, demarches: Sequence[Demarche], fiches: dict[int, attente.Comptes]
) -> list[MesProjets]:
    """(state, label, number) in the order of the cycle; nothing for the people of the authority."""
    if not attente.est_porteur(agent):
        return []
    projets = []
    for demarche in demarches:
        a_moi = fiches[demarche.pk].a_moi if demarche.pk in fiches else {}
        etats = tuple((code, mot, nombre) for code, mot in CYCLE_FICHE.choix() if (nombre := a_moi.get(code)))
        if etats:
            projets.append(MesProjets(demarche, etats))
    return projets


@page("connecte")
def accueil(request: HttpRequest) -> HttpResponse:
    """Twenty-four queries at most, whatever the number of territories and fiches."""
    agent = cast(Agent, request.user)
    if not agent.habilitations_en_cours and (terminee := acces_termine(agent)):
        return render(request, "portail/acces_termine.html", {"terminee": terminee})
    today = date.today()
    demarches = list(Demarche.objects.visibles_par(agent).avec_contexte().select_related("contrat"))
    prefetch_related_objects(demarches[:TERRITOIRES_MONTRES], "places")
    fiches = attente.compter_fiches(agent)
    etapes = attente.etapes_ouvertes(demarches, today + HORIZON)
    retards = [e for e in etapes if e.prevue_le and e.prevue_le < today]
    prochaines = [e for e in etapes if e.prevue_le and e.prevue_le >= today]
    contexte = {
        "demande_appui": bool(peut(agent, "appui.demander")),
        "attentes": [
            *decisions_attendues(agent, demarches),
            *reunions_a_convoquer(agent, demarches, today),
            *dossiers_attendus(agent, demarches),
            *versements_attendus(agent, demarches),
            *attente.ce_qui_attend(agent, demarches, fiches, retards),
        ],
        "notifications": garder_visibles(
            agent,
            _non_lues(agent),
        )[:NOTIFICATIONS_MONTREES],
        "territoires": [
            TerritoireSuivi(
                demarche=d,
                bornes=bornes_de(d),
                fiches=sum(fiches[d.pk].tous.values()) if d.pk in fiches else 0,
                prochaine=next((e for e in prochaines if e.demarche_id == d.pk), None),
            )
            for d in demarches[:TERRITOIRES_MONTRES]
        ],
        "mes_projets": mes_projets(agent, demarches, fiches),
        "nombre_territoires": len(demarches),
        "conduit": bool(peut(agent, DROIT)),
        "remplacees": sorted({h.au_nom_de.nom_complet for h in agent.habilitations_en_cours if h.au_nom_de}),
        "roles": [
            (h.get_role_display(), h.organisation or h.territoire or "")
            for h in agent.habilitations_en_cours
            if h.au_nom_de is None
        ],
    }
    return render(request, "portail/accueil.html", contexte)


def _non_lues(agent: Agent) -> list[Notification]:
    """The latest news not read yet. One query."""
    siennes = Notification.objects.filter(destinataire_id=agent.pk, lue_le__isnull=True)
    return list(siennes[:NOTIFICATIONS_LUES])
