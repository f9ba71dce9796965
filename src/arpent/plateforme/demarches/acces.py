"""The door of every page of a démarche: outside one's perimeter it does not exist (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from arpent.plateforme.acteurs.acces import Vue, connexion_requise
from arpent.plateforme.acteurs.droits import Avis, peut
from arpent.plateforme.acteurs.models import Agent

from .models import Demarche


def peut_sur(agent: Agent, droit: str, demarche: Demarche, *, theme: str = "") -> Avis:
    """`peut` over one démarche (and one theme). No query: `demarche` comes from `avec_contexte()`."""
    return peut(
        agent, droit, territoire_id=demarche.territoire_id, autorite_id=demarche.autorite.pk, theme=theme
    )


def page_demarche(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a visible `demarche` argument, checks `droit` on it.

    404 outside the perimeter, 403 with its reason inside it. `request.demarche` feeds the thread.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            demarche = Demarche.objects.visibles_par(agent).avec_contexte().filter(slug=slug).first()
            if demarche is None:
                raise Http404("Cette démarche n’existe pas ou n’est pas dans votre périmètre.")
            if not (avis := peut_sur(agent, droit, demarche)):
                raise PermissionDenied(avis.raison)
            request.demarche = demarche  # type: ignore[attr-defined]
            return view(request, demarche, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate
