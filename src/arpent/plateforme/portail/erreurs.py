"""Error pages: what happened, why, what to do."""

import sys

from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from arpent.plateforme.acteurs.acces_termines import acces_termine
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle import panne
from arpent.plateforme.socle.securite import noter

_PASSAGERES = ("locked", "busy", "disk is full", "disk i/o")
RAISON_PAR_DEFAUT = "Votre rôle ne permet pas ce geste."


def demande_illisible(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    noter("demande_illisible", request)
    return render(request, "400.html", status=400)


def _acces_termine(request: HttpRequest, status: int) -> HttpResponse | None:
    """The page that says that the access has ended, for somebody who has none left; else None."""
    agent = getattr(request, "user", None)
    if not isinstance(agent, Agent) or agent.habilitations_en_cours:
        return None
    if (terminee := acces_termine(agent)) is None:
        return None
    return render(request, "portail/acces_termine.html", {"terminee": terminee}, status=status)


def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    noter("acces_refuse", request)
    if page := _acces_termine(request, 403):
        return page
    raison = str(exception) if exception and str(exception) else RAISON_PAR_DEFAUT
    return render(request, "403.html", {"raison": raison}, status=403)


def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(getattr(request, "user", None), Agent):
        noter("introuvable", request)
    return _acces_termine(request, 404) or render(request, "404.html", status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    noter("formulaire_refuse", request)
    raison = (
        "Le formulaire a été ouvert trop longtemps ou dans une autre session. "
        "Revenez à la page précédente, rechargez-la, puis renvoyez-le."
    )
    return render(request, "403.html", {"raison": raison}, status=403)


def _passagere(erreur: BaseException | None) -> bool:
    """Whether the database could not answer now: held, full, cut. A missing table is a real fault."""
    if not isinstance(erreur, Error):
        return False
    if connection.vendor == "sqlite":
        return isinstance(erreur, OperationalError) and any(x in str(erreur).lower() for x in _PASSAGERES)
    return isinstance(erreur, OperationalError | InterfaceError)


def erreur_interne(request: HttpRequest) -> HttpResponse:
    """500; 503 with the time to wait when the database or the store of files is only away; 507: no room left.

    No such page reads the request: its session may be what cannot be read.
    """
    erreur = sys.exc_info()[1]
    if panne.est_un_disque_plein(erreur):
        return panne.disque_plein()
    if isinstance(erreur, panne.DepotMuet):
        return panne.depot_indisponible()
    if erreur is None or not _passagere(erreur):
        return HttpResponse(render_to_string("500.html"), status=500)
    panne.noter_si_attente(erreur)
    return panne.base_indisponible()
