"""The door of every page: who must be logged in, with which right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from .droits import peut
from .models import Agent

Vue = Callable[..., HttpResponseBase]


class RequeteAgent(HttpRequest):
    """A request whose user is known (typing only)."""

    user: Agent


def connexion_requise(request: HttpRequest) -> HttpResponse | None:
    if isinstance(request.user, Agent):
        return None
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.method in {"GET", "HEAD"}:
        messages.info(request, "Votre session a pris fin : délai passé, droits changés, ou fermée ailleurs.")
    return redirect_to_login(request.get_full_path())


def publique(*methodes: str) -> Callable[[Vue], Vue]:
    """A page anyone may read. Said aloud, so that each route is classified."""

    def decorate(view: Vue) -> Vue:
        guarded = require_http_methods(list(methodes or ("GET", "HEAD")))(view)
        guarded.droit = "public"  # type: ignore[attr-defined]
        return guarded

    return decorate


def page(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """A page of a logged-in agent; `droit` is a right held anywhere, or "connecte"."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            if droit != "connecte" and not (avis := peut(request.user, droit)):
                raise PermissionDenied(avis.raison)
            return view(request, *args, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate
