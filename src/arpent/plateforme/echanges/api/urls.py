"""The API and its pages: documentation, tokens, subscriptions.

The operations are declared elsewhere (`operations`), with a library that takes a second to load: the routes
are written here by hand, and the first request of a process loads what answers them. A test compares both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from .views import abonnements, documentation, jetons

app_name = "api"
RACINE = "api/v1/"
JETON = "jeton"
"""The right of these routes: a token opens them, no session does."""
RESSOURCES = (
    "territoires", "communes", "groupements", "organisations", "dispositifs", "versions-reglement",
    "demarches", "reunions", "decisions", "messages", "journal", "constats", "enjeux", "axes", "fiches",
    "scenarios", "contrats", "avenants", "dossiers", "versements", "prorogations",
    "reversements", "suivis", "points-bloquants",
    "indicateurs-suivis",
)  # fmt: skip
MOTIFS = (
    "moi",
    *(motif for code in RESSOURCES for motif in (code, f"{code}/<cle>")),
    "contrats/<cle>/consolide",
    "demarches/<cle>/indicateurs",
)


@cache
def _vues() -> dict[str, Callable[..., HttpResponseBase]]:
    """What answers each route. Takes a second, once by process."""
    from .operations import api

    return {str(route.pattern): route.callback for route in api.urls[0] if route.callback}


def _porte(motif: str) -> Callable[..., HttpResponseBase]:
    @csrf_exempt  # no cookie opens it
    def porte(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        return _vues()[motif](request, **kwargs)

    porte.droit = JETON  # type: ignore[attr-defined]
    return porte


def _nom(motif: str) -> str:
    morceaux = motif.replace("<cle>", "un").replace("-", "_").split("/")
    return "v1_" + "_".join(morceaux)


def _route(motif: str) -> URLPattern:
    return path(f"{RACINE}{motif}", _porte(motif), name=_nom(motif))


COMPTE = "compte/jetons/"
EVENEMENTS = "compte/evenements/"
urlpatterns = [
    path(f"{RACINE}doc/", documentation.documentation, name="documentation"),
    path(f"{RACINE}openapi.json", documentation.openapi, name="openapi"),
    *map(_route, MOTIFS),
    path(COMPTE, jetons.liste, name="jetons"),
    path(f"{COMPTE}nouveau/", jetons.nouveau, name="jeton_nouveau"),
    path(f"{COMPTE}<int:pk>/revoquer/", jetons.revoquer, name="jeton_revoquer"),
    path(EVENEMENTS, abonnements.liste, name="abonnements"),
    path(f"{EVENEMENTS}nouveau/", abonnements.nouveau, name="abonnement_nouveau"),
    path(f"{EVENEMENTS}<int:pk>/", abonnements.abonnement, name="abonnement"),
    path(f"{EVENEMENTS}<int:pk>/essayer/", abonnements.essayer, name="abonnement_essayer"),
    path(f"{EVENEMENTS}<int:pk>/arreter/", abonnements.arreter, name="abonnement_arreter"),
    path(f"{EVENEMENTS}<int:pk>/reprendre/", abonnements.reprendre, name="abonnement_reprendre"),
    path(f"{EVENEMENTS}livraisons/<int:pk>/renvoyer/", abonnements.renvoyer, name="livraison_renvoyer"),
]
