"""The doors of the pages where a règlement is written: the dispositif of one's authority, else 404."""

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

from .models import BrouillonReglement, Dispositif


def page_dispositif(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a `dispositif` of an authority for which the agent holds `droit`."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, droit)):
                raise PermissionDenied(avis.raison)
            dispositif = get_object_or_404(Dispositif.objects.select_related("autorite"), slug=slug)
            if not peut(agent, droit, autorite_id=dispositif.autorite_id):
                raise Http404("Ce dispositif est celui d’une autre autorité.")
            return view(request, dispositif, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate


def page_brouillon(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Same, then turns `pk` into a draft of that dispositif."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @page_dispositif(droit, *methodes)
        def guarded(request: HttpRequest, dispositif: Dispositif, pk: int, **kwargs: Any) -> HttpResponseBase:
            brouillons = BrouillonReglement.objects.select_related("depuis", "publie_en")
            brouillon = get_object_or_404(brouillons, dispositif=dispositif, pk=pk)
            brouillon.dispositif = dispositif
            return view(request, brouillon, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate
