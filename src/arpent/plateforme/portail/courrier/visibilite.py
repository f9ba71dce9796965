"""A piece of news outlives a right: what one may no longer see is neither shown nor mailed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db.models import Q
from django.urls import Resolver404, resolve

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Fiche

Objet = tuple[str, int | None]
"""(slug of a démarche, number of a fiche in it)."""


@lru_cache(maxsize=4096)
def objet_de(url: str) -> Objet:
    """The démarche, and the fiche if any, that an address of ours is about. ("", None): neither."""
    try:
        arguments = resolve(url.partition("#")[0].partition("?")[0]).kwargs
    except Resolver404:
        return "", None
    numero = arguments.get("numero") if "/fiches/" in url else None
    return str(arguments.get("slug", "")), numero if isinstance(numero, int) else None


def garder_visibles(agent: Agent, nouvelles: Sequence[Notification]) -> list[Notification]:
    """Those about what the agent sees today. Two queries at most, whatever their number."""
    objets = {n.pk: objet_de(n.url) for n in nouvelles}
    slugs = {slug for slug, _ in objets.values() if slug}
    fiches = {(slug, numero) for slug, numero in objets.values() if slug and numero is not None}
    vus: set[str] = set()
    if slugs:
        visibles = Demarche.objects.visibles_par(agent).filter(slug__in=slugs)
        vus = set(visibles.order_by().values_list("slug", flat=True))
    vues: set[Objet] = set()
    if fiches:
        voulues = Q(pk__in=[])
        for slug, numero in fiches:
            voulues |= Q(demarche__slug=slug, numero=numero)
        lues = Fiche.objects.visibles_par(agent).filter(voulues).order_by()
        vues = set(lues.values_list("demarche__slug", "numero"))
    return [n for n in nouvelles if _vu(objets[n.pk], vus, vues)]


def _vu(objet: Objet, slugs: set[str], fiches: set[Objet]) -> bool:
    slug, numero = objet
    if not slug:
        return True
    return slug in slugs and (numero is None or objet in fiches)
