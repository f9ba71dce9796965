"""The steering of a dispositif: every territory on one page, their common calendar, files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.acces import page_dispositif
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.pieces import Onglet

from ..reunions_dues import reunions_de_l_annee
from . import dessins, fichiers
from .filtres import Filtres, lire_filtres
from .lecture import SILENCE, Territoire, lire

DROIT = "pilotage.voir"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


page_pilotage = page_dispositif(DROIT)
"""The dispositif of an authority that the agent steers or reads; 404 for another authority's."""


def _onglets(dispositif: Dispositif, gabarit: str, requete: str) -> list[Onglet]:
    suite = f"?{requete}" if requete else ""
    return [
        Onglet(libelle, reverse(f"portail:{nom}", args=[dispositif.slug]) + suite, nom in gabarit)
        for nom, libelle in (("pilotage", "Tableau et carte"), ("calendrier", "Calendrier"))
    ]


@dataclass(frozen=True, slots=True)
class Vues:
    """What the two pages and the two files read: every territory, then those that the URL asks for."""

    filtres: Filtres
    toutes: list[Territoire]
    lignes: list[Territoire]
    today: date


def _lire(request: HttpRequest, dispositif: Dispositif) -> Vues:
    today, filtres = date.today(), lire_filtres(request.GET)
    toutes = lire(dispositif, cast(Agent, request.user), today)
    return Vues(filtres, toutes, filtres.appliquer(toutes), today)


def _page(
    request: HttpRequest, dispositif: Dispositif, vues: Vues, gabarit: str, **suite: Any
) -> HttpResponse:
    contexte = {
        "dispositif": dispositif,
        "filtres": vues.filtres,
        "nombre": len(vues.toutes),
        "lignes": vues.lignes,
        "totaux": fichiers.totaux_de(vues.lignes),
        "fiches": sum(x.fiches for x in vues.lignes),
        "en_retard": sum(1 for x in vues.lignes if x.retard),
        "silence": SILENCE,
        "today": vues.today,
        "onglets_pilotage": _onglets(dispositif, gabarit, request.GET.urlencode()),
        "requete": request.GET.urlencode(),
        **suite,
    }
    return render(request, gabarit, contexte)


@page_pilotage
def pilotage(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """Where each territory stands, the meetings due, and the map. Fifteen queries at most."""
    vues = _lire(request, dispositif)
    return _page(
        request,
        dispositif,
        vues,
        "portail/pilotage.html",
        carte=dessins.carte(vues.lignes, vues.filtres.carte),
        reunions=reunions_de_l_annee([x.demarche for x in vues.lignes], vues.today),
    )


@page_pilotage
def calendrier(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """Every territory on one axis of time, late ones first. Twelve queries at most."""
    vues = _lire(request, dispositif)
    return _page(
        request,
        dispositif,
        vues,
        "portail/calendrier.html",
        figure=dessins.calendrier(vues.lignes, vues.today),
    )


def _fichier(contenu: bytes, genre: str, nom: str) -> HttpResponse:
    response = HttpResponse(contenu, content_type=genre)
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response


@page_pilotage
def pilotage_xlsx(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """Exactly what the page shows: its filters and its order."""
    vues = _lire(request, dispositif)
    contenu = fichiers.en_xlsx(dispositif, vues.lignes, vues.filtres, vues.today)
    return _fichier(contenu, XLSX, f"pilotage-{dispositif.slug}.xlsx")


@page_pilotage
def pilotage_note(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """The brief of the elected member, on what the page shows."""
    vues = _lire(request, dispositif)
    note = fichiers.note_de(dispositif, vues.lignes, vues.today, vues.filtres)
    return _fichier(fichiers.en_pdf(note), "application/pdf", f"note-pilotage-{dispositif.slug}.pdf")
