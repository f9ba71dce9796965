"""Pages of the equity, of a territory and of a dispositif, and their tables as files. All read only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif

from ..acces import page_du_dispositif
from ..droits import VOIR
from ..fichiers import XLSX
from ..simulations.acces import SIMULER
from .choix import Page, du_dispositif, du_territoire
from .dessins import barres, carte
from .fichiers import en_csv, en_xlsx

page_de_tous = page_du_dispositif(
    SIMULER,
    "Cette page montre les aides de tous les territoires : elle est ouverte à l’autorité qui les partage. "
    "L’équité de votre territoire est dans sa négociation.",
)


def _page(request: HttpRequest, page: Page, nom: str, slug: str, **contexte: Any) -> HttpResponse:
    e = page.equite
    sections = [(s, None if s is e.principale else barres(s)) for s in e.sections]
    contexte |= {
        "page": page,
        "equite": e,
        "carte": carte(e.principale, page.lieux),
        "sections": sections,
        "requete": request.GET.urlencode(),
        "url_ici": reverse(f"negociations:{nom}", args=[slug]),
        "url_csv": reverse(f"negociations:{nom}_csv", args=[slug]),
        "url_xlsx": reverse(f"negociations:{nom}_xlsx", args=[slug]),
    }
    return render(request, "negociations/equite/equite.html", contexte)


def _fichier(contenu: bytes, slug: str, extension: str, genre: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="equite-{slug}.{extension}"'
    return reponse


@page_demarche(VOIR)
def equite(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    page = du_territoire(request.user, demarche, request.GET)
    return _page(request, page, "equite", demarche.slug, demarche=demarche)


@page_demarche(VOIR)
def equite_csv(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    page = du_territoire(request.user, demarche, request.GET)
    return _fichier(en_csv(page.equite), demarche.slug, "csv", "text/csv; charset=utf-8")


@page_demarche(VOIR)
def equite_xlsx(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    page = du_territoire(request.user, demarche, request.GET)
    titre = f"Équité des aides, {demarche.territoire.nom}"
    return _fichier(en_xlsx(page.equite, titre, date.today()), demarche.slug, "xlsx", XLSX)


@page_de_tous
def dispositif_equite(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    page = du_dispositif(dispositif, request.GET)
    return _page(request, page, "dispositif_equite", dispositif.slug, dispositif=dispositif)


@page_de_tous
def dispositif_equite_csv(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    page = du_dispositif(dispositif, request.GET)
    return _fichier(en_csv(page.equite), dispositif.slug, "csv", "text/csv; charset=utf-8")


@page_de_tous
def dispositif_equite_xlsx(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    page = du_dispositif(dispositif, request.GET)
    titre = f"Équité des aides, {dispositif.nom}"
    return _fichier(en_xlsx(page.equite, titre, date.today()), dispositif.slug, "xlsx", XLSX)
