"""The doors of the pages of a process: read by all who take part, written by its own authority."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from arpent.plateforme.acteurs.acces import Vue, connexion_requise
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent

from ..models import BrouillonProcessus, Processus


def page_processus(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a `processus` of an authority for which the agent holds `droit`.

    403 with its reason when the right is held nowhere; 404 when it is held for another authority.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, droit)):
                raise PermissionDenied(avis.raison)
            processus = get_object_or_404(Processus.objects.select_related("autorite"), slug=slug)
            if not peut(agent, droit, autorite_id=processus.autorite_id):
                raise Http404("Ce processus est celui d’une autre autorité.")
            return view(request, processus, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate


def page_brouillon(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Same, then turns `pk` into a draft of that process."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @page_processus(droit, *methodes)
        def guarded(request: HttpRequest, processus: Processus, pk: int, **kwargs: Any) -> HttpResponseBase:
            brouillons = BrouillonProcessus.objects.select_related("depuis", "publie_en")
            brouillon = get_object_or_404(brouillons, processus=processus, pk=pk)
            brouillon.processus = processus
            return view(request, brouillon, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate
