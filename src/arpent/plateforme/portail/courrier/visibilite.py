"""A piece of news outlives a right: what one may no longer see is neither shown nor mailed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q
from django.urls import Resolver404, resolve

from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Fiche


@dataclass(frozen=True, slots=True)
class Objet:
    """What an address of ours is about: slug of a démarche, number of a fiche in it, a support request."""

    slug: str = ""
    fiche: int | None = None
    appui: int | None = None


@lru_cache(maxsize=4096)
def objet_de(url: str) -> Objet:
    """The démarche, and the fiche or the support request if any. `Objet()`: none of them."""
    try:
        trouve = resolve(url.partition("#")[0].partition("?")[0])
    except Resolver404:
        return Objet()
    arguments = trouve.kwargs
    numero = arguments.get("numero") if "/fiches/" in url else None
    appui = arguments.get("pk") if trouve.view_name == "appui:demande" else None
    return Objet(str(arguments.get("slug", "")), numero if isinstance(numero, int) else None, appui)


def garder_visibles(agent: Agent, nouvelles: Sequence[Notification]) -> list[Notification]:
    """Those about what the agent sees today. Three queries at most, whatever their number."""
    objets = {n.pk: objet_de(n.url) for n in nouvelles}
    slugs = {o.slug for o in objets.values() if o.slug}
    fiches = {(o.slug, o.fiche) for o in objets.values() if o.slug and o.fiche is not None}
    appuis = {o.appui for o in objets.values() if o.appui is not None}
    vus: set[str] = set()
    if slugs:
        visibles = Demarche.objects.visibles_par(agent).filter(slug__in=slugs)
        vus = set(visibles.order_by().values_list("slug", flat=True))
    vues: set[tuple[str, int]] = set()
    if fiches:
        voulues = Q(pk__in=[])
        for slug, numero in fiches:
            voulues |= Q(demarche__slug=slug, numero=numero)
        lues = Fiche.objects.visibles_par(agent).filter(voulues).order_by()
        vues = set(lues.values_list("demarche__slug", "numero"))
    lus: set[int] = set()
    if appuis:
        demandes = DemandeAppui.objects.visibles_par(agent).filter(pk__in=appuis)
        lus = set(demandes.order_by().values_list("pk", flat=True))
    return [n for n in nouvelles if _vu(objets[n.pk], vus, vues, lus)]


def _vu(objet: Objet, slugs: set[str], fiches: set[tuple[str, int]], appuis: set[int]) -> bool:
    if not objet.slug:
        return True
    return (
        objet.slug in slugs
        and (objet.fiche is None or (objet.slug, objet.fiche) in fiches)
        and (objet.appui is None or objet.appui in appuis)
    )
