"""The door of every page: who must be logged in, with which right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from .droits import Avis, peut
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


def page_par_slug(
    modele: type[models.Model],
    ailleurs: str,
    droit: str,
    *methodes: str,
    raison: Callable[[Agent, Avis], str] = lambda _, avis: avis.raison,
) -> Callable[[Vue], Vue]:
    """Turns the URL's `slug` into a row of `modele` (it has `autorite`) whose authority grants `droit`.

    403 with `raison` when the right is held nowhere; 404 with `ailleurs` when it is another authority's.
    """

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, droit)):
                raise PermissionDenied(raison(agent, avis))
            objet: Any = get_object_or_404(modele._default_manager.select_related("autorite"), slug=slug)
            if not peut(agent, droit, autorite_id=objet.autorite_id):
                raise Http404(ailleurs)
            return view(request, objet, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate


def page_de_son_brouillon(
    porte: Callable[..., Callable[[Vue], Vue]], modele: type[models.Model], parent: str
) -> Callable[..., Callable[[Vue], Vue]]:
    """The door `porte` (by `slug`), then `pk` into a draft of what it opened (field `parent`), else 404."""

    def page_brouillon(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
        def decorate(view: Vue) -> Vue:
            @wraps(view)
            @porte(droit, *methodes)
            def guarded(
                request: HttpRequest, objet: models.Model, pk: int, **kwargs: Any
            ) -> HttpResponseBase:
                brouillons = modele._default_manager.select_related("depuis", "publie_en")
                brouillon = get_object_or_404(brouillons, pk=pk, **{parent: objet})
                setattr(brouillon, parent, objet)
                return view(request, brouillon, **kwargs)

            guarded.droit = droit  # type: ignore[attr-defined]
            return guarded

        return decorate

    return page_brouillon
