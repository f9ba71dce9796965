"""The door of the public site: open sites only; one answer for everybody, kept five minutes by caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control

from arpent.plateforme.acteurs.acces import Vue, publique
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.reglements.models import Dispositif, SitePublic

from . import lecture

DUREE = 300
"""Seconds during which a cache may serve a page again."""


def page_du_site(vue: Callable[..., HttpResponse]) -> Vue:
    """The site of the `slug` is open, else the page does not exist. One query."""

    @publique()
    @wraps(vue)
    def gardee(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        return gardable(vue(request, site_ouvert(slug), **kwargs))

    return gardee


def site_ouvert(slug: str) -> SitePublic:
    """404 when it is closed."""
    sites = SitePublic.objects.ouverts().select_related("dispositif__autorite")
    return get_object_or_404(sites, dispositif__slug=slug)


def gardable(reponse: HttpResponse) -> HttpResponse:
    del reponse.headers["Cache-Control"]  # what a private download says
    patch_cache_control(reponse, public=True, max_age=DUREE)
    return reponse


def contrat_ouvert(site: SitePublic, territoire: str) -> Contrat:
    """One query; 404 when it binds nobody yet."""
    return get_object_or_404(lecture.contrats_de(site.dispositif).filter(demarche__slug=territoire))


def adresse_du_contrat(dispositif: Dispositif, objet: Contrat) -> str:
    return reverse("public:contrat", args=[dispositif.slug, objet.demarche.slug])
