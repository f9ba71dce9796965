"""The door of the scenarios over a whole dispositif: outside its authority they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from arpent.plateforme.acteurs.acces import Vue, connexion_requise
from arpent.plateforme.acteurs.droits import Avis, peut_partout
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.models import Dispositif

from ..models import Camp, EnsembleScenarios
from ..scenarios import acces as scenarios

LIRE = scenarios.LIRE[Camp.AUTORITE]


def peut_ici(agent: Agent, droit: str, dispositif: Dispositif) -> Avis:
    """Whether this agent holds that right over every territory of the dispositif. No query."""
    return peut_partout(agent, droit, dispositif.autorite_id)


def page_ensembles(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns `slug` into a dispositif whose ensembles this agent reads (404), `droit` over all of it (403)."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            dispositif = Dispositif.objects.select_related("autorite").filter(slug=slug).first()
            if dispositif is None or not peut_ici(agent, LIRE, dispositif):
                raise Http404("Ce dispositif n’existe pas ou n’est pas celui de votre autorité.")
            if not (avis := peut_ici(agent, droit, dispositif)):
                raise PermissionDenied(avis.raison)
            return view(request, dispositif, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate


def trouver(dispositif: Dispositif, pk: int | None) -> EnsembleScenarios:
    """The ensemble of that number. Http404 (French). One query, or none."""
    objet = None
    if pk is not None:
        objet = (
            EnsembleScenarios.objects.filter(dispositif=dispositif, pk=pk).select_related("auteur").first()
        )
    if objet is None:
        raise Http404("Cet ensemble de scénarios n’existe pas, ou il a été supprimé.")
    objet.dispositif = dispositif
    return objet
