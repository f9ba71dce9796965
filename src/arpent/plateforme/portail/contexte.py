"""What every page prints around its content: who, where in the thread, what awaits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from arpent import __version__
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche, Place
from arpent.plateforme.notifications.models import Notification

PAGES = {
    "territoire": ("portail:territoire", "territoire.voir"),
    "diagnostic": ("diagnostics:diagnostic", "diagnostic.voir"),
    "plan": ("plans:plan", "plan.voir"),
    "negociation": ("negociations:maquette", "maquette.voir"),
    "contrat": ("contrats:contrat", "contrat.voir"),
    "realisation": ("subventions:realisation", "realisation.voir"),
    "bilan": ("suivi:bilan", "bilan.voir"),
}
NAV = (
    ("Accueil", "portail:accueil"),
    ("Territoires", "portail:territoires"),
    ("Fiches projets", "plans:fiches"),
    ("Dossiers", "subventions:dossiers"),
    ("Dispositifs", "reglements:dispositifs"),
    ("Annuaire", "portail:organisations"),
    ("Journal", "portail:journal_general"),
)

NAV_ADMIN = (("File des courriels", "portail:courriels"),)
RESERVEES = {
    "subventions:dossiers": "dossier.voir",
    "portail:journal_general": "journal.voir",
    "portail:organisations": "annuaire.voir",
}
"""Pages of the menu that not everybody may open, with their right."""


@dataclass(frozen=True, slots=True)
class PlaceDuFil:
    """One of the seven places as the rail shows it. `url` empty: not open to this role."""

    code: str
    libelle: str
    resume: str
    etat: str
    etat_libelle: str
    url: str
    courante: bool


@dataclass(frozen=True, slots=True)
class Fil:
    """The thread of a démarche."""

    territoire_nom: str
    autorite_nom: str
    generation: str
    slug: str
    places: tuple[PlaceDuFil, ...]


def _fil(request: HttpRequest, agent: Agent, demarche: Demarche) -> Fil:
    app = request.resolver_match.app_name if request.resolver_match else ""
    here = getattr(request, "place", None) or next(
        (code for code, (name, _) in PAGES.items() if name.split(":")[0] == app),
        "territoire" if app == "reunions" else "",
    )
    states = {p.code: p for p in demarche.places.all()}
    places = []
    for code, libelle in Place.Code.choices:
        name, droit = PAGES[code]
        place = states.get(code)
        places.append(
            PlaceDuFil(
                code=code,
                libelle=libelle,
                resume=place.resume if place else "",
                etat=place.etat if place else Place.Etat.A_VENIR,
                etat_libelle=place.get_etat_display() if place else "à venir",
                url=reverse(name, args=[demarche.slug]) if peut_sur(agent, droit, demarche) else "",
                courante=code == here,
            )
        )
    return Fil(
        demarche.territoire.nom, demarche.autorite.nom, demarche.generation, demarche.slug, tuple(places)
    )


def commun(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. At most two queries, none when the template prints no page around itself:
    the rail, the unread notifications.
    """
    user = getattr(request, "user", None)
    agent = user if isinstance(user, Agent) else None
    demarche = getattr(request, "demarche", None)
    return {
        "agent": agent,
        "fil": cache(lambda: _fil(request, agent, demarche) if agent and demarche else None),
        "nav": cache(lambda: _nav(request, agent) if agent else []),
        "nav_admin": cache(lambda: _nav_admin(agent) if agent else []),
        "attente_nombre": cache(lambda: _attentes(agent) if agent else 0),
        "demo": settings.ARPENT_DEMO,
        "version_arpent": __version__,
    }


def _nav(request: HttpRequest, agent: Agent) -> list[tuple[str, str, bool]]:
    return [
        (libelle, reverse(name), request.path == reverse(name))
        for libelle, name in NAV
        if name not in RESERVEES or _a_le_droit(agent, RESERVEES[name])
    ]


def _nav_admin(agent: Agent) -> list[tuple[str, str]]:
    """Pages of the instance, for whoever administers it. No query."""
    if not peut(agent, "instance.administrer"):
        return []
    return [(libelle, reverse(name)) for libelle, name in NAV_ADMIN]


def _attentes(agent: Agent) -> int:
    return Notification.objects.filter(destinataire_id=agent.pk, lue_le__isnull=True).count()


def _a_le_droit(agent: Agent, droit: str) -> bool:
    return any(droit in h.definition.droits for h in agent.habilitations_en_cours)
