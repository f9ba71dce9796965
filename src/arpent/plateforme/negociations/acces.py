"""The door of the pages that show every territory of a dispositif: they open to the authority's side only."""

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
from arpent.plateforme.reglements.models import Dispositif

from .droits import VOIR


def page_du_dispositif(droit: str, raison: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns `slug` into a dispositif of an authority for which this agent has `droit`, else 403 or 404.

    `raison` is told to those who see a maquette and not that page.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, droit)):
                raise PermissionDenied(raison if peut(agent, VOIR) else avis.raison)
            dispositif = get_object_or_404(Dispositif.objects.select_related("autorite"), slug=slug)
            if not peut(agent, droit, autorite_id=dispositif.autorite_id):
                raise Http404("Ce dispositif est celui d’une autre autorité.")
            return view(request, dispositif, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate
