"""The door of the pages that show every territory: they open to the authority's side only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from arpent.plateforme.acteurs.acces import Vue, connexion_requise
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.models import Dispositif

from ..droits import VOIR

SIMULER = "enveloppe.simuler"

RAISON = (
    "Cette page montre les enveloppes de tous les territoires : elle est ouverte à l’autorité qui les "
    "partage. L’enveloppe de votre territoire est dans sa négociation."
)


def page_dispositif(raison: str) -> Callable[[Vue], Vue]:
    """Turns `slug` into a dispositif all of whose maquettes this agent sees, else 403 or 404.

    `raison`: what is said to those who only see the maquette of their own territory.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(["GET", "HEAD"])
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, SIMULER)):
                raise PermissionDenied(raison if peut(agent, VOIR) else avis.raison)
            dispositif = get_object_or_404(Dispositif.objects.select_related("autorite"), slug=slug)
            if not peut(agent, SIMULER, autorite_id=dispositif.autorite_id):
                raise Http404("Ce dispositif est celui d’une autre autorité.")
            return view(request, dispositif, **kwargs)

        guarded.droit = SIMULER  # type: ignore[attr-defined]
        return guarded

    return decorate


page_simulation = page_dispositif(RAISON)
