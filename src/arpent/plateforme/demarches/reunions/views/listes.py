"""The meetings of a territory, and those of every territory in one's perimeter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from arpent.metier.cycles.reunion import CYCLE_REUNION
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.demarches.acces import page_demarche, peut_sur

from ...models import Demarche
from ..genres import genres_de
from ..lecture import demarche_pour
from ..models import Reunion, ReunionQuerySet
from ..quotas import quotas_de
from .acces import CONDUIRE, VOIR, adresse, agent_de

PAR_PAGE = 25
QUAND = {"a_venir": "À venir", "passees": "Passées"}


@dataclass(frozen=True, slots=True)
class Choix:
    """One line of a filter."""

    valeur: str
    libelle: str
    choisi: bool


def _choix(paires: Mapping[str, str], choisi: str) -> list[Choix]:
    return [Choix(code, libelle, code == choisi) for code, libelle in paires.items()]


def _filtrer(request: HttpRequest, rows: ReunionQuerySet, le: date) -> tuple[ReunionQuerySet, dict[str, Any]]:
    """The rows asked for by the address, and the filters as the page shows them."""
    etats = {code: str(mot) for code, mot in CYCLE_REUNION.choix()}
    quand, etat = request.GET.get("quand", ""), request.GET.get("etat", "")
    q = request.GET.get("q", "").strip()[:100]
    if quand == "a_venir":
        rows = rows.filter(jour__gte=le)
    elif quand == "passees":
        rows = rows.filter(jour__lt=le)
    tri = ("jour", "heure", "pk") if quand == "a_venir" else ("-jour", "-heure", "-pk")
    if etat in etats:
        rows = rows.filter(etat=etat)
    if q:
        rows = rows.filter(Q(titre__icontains=q) | Q(lieu__icontains=q) | Q(genre_libelle__icontains=q))
    filtres = {"q": q, "quand": _choix(QUAND, quand), "etats": _choix(etats, etat)}
    return rows.order_by(*tri), filtres | {"filtre": bool(q or quand or etat)}


def _feuille(request: HttpRequest, rows: ReunionQuerySet) -> Any:
    completes = (
        rows.select_related("demarche__territoire")
        .defer("synthese", "message")
        .annotate(
            conviees=Count("membres", filter=Q(membres__retire=False), distinct=True),
            decidees=Count("decisions", distinct=True),
        )
    )
    return Paginator(completes, PAR_PAGE).get_page(request.GET.get("page"))


@page_demarche(VOIR)
def liste(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The meetings of the démarche, the latest first. Seven queries besides those of every page."""
    rows, filtres = _filtrer(request, Reunion.objects.de(demarche), localdate())
    feuille = _feuille(request, rows)
    quotas = {q.genre.code: q for q in quotas_de(demarche, localdate())}
    contexte = filtres | {
        "demarche": demarche,
        "feuille": feuille,
        "lignes": [(r, adresse(demarche, "reunion", r.pk)) for r in feuille],
        "genres": [(g, quotas.get(g.code)) for g in genres_de(demarche).values()],
        "conduit": bool(peut_sur(agent_de(request), CONDUIRE, demarche)),
    }
    return render(request, "reunions/liste.html", contexte)


@page(VOIR)
def toutes(request: HttpRequest) -> HttpResponse:
    """Every meeting in the perimeter, the latest first. Five queries besides those of every page."""
    agent = agent_de(request)
    rows, filtres = _filtrer(request, Reunion.objects.visibles_par(agent), localdate())
    feuille = _feuille(request, rows.prefetch_related("autres"))
    visibles = {d.pk: d for d in Demarche.objects.visibles_par(agent).only("slug")}
    lignes = [
        (r, adresse(demarche, "reunion", r.pk) if (demarche := demarche_pour(r, visibles)) else "")
        for r in feuille
    ]
    return render(request, "reunions/toutes.html", filtres | {"feuille": feuille, "lignes": lignes})
