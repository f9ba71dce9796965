"""The screen of the room: one step at a time, in big type, followed live."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.metier.cycles import CYCLE_ATELIER
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche

from ...models import Atelier
from .. import actions, codes, deroule, ecran
from ..bilan import bilan, signature
from .acces import adresse, atelier_de

Genre = deroule.Genre
CARTES = 6
"""Contributions on screen at once: beyond, the letters would be too small for the back of the room."""
RANGS = 6


@page_demarche("diagnostic.voir")
def projection(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = atelier_de(demarche, pk)
    return render(request, "diagnostics/ateliers/projection.html", _contexte(request, demarche, ici))


@page_demarche("diagnostic.voir")
def direct(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """What the screen shows now. 304 while nothing has changed since `If-None-Match`."""
    ici = atelier_de(demarche, pk)
    marque = signature(ici)
    if request.headers.get("If-None-Match", "").strip('W/"') == marque:
        reponse = HttpResponse(status=304)
    else:
        contexte = _contexte(request, demarche, ici, marque)
        reponse = render(request, "diagnostics/ateliers/_scene.html", contexte)
    reponse.headers["ETag"] = f'"{marque}"'
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse


@page_demarche("diagnostic.rediger", "POST")
def etape(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Puts step `aller` on screen. Answers by the page, or by the scene alone to htmx."""
    ici = atelier_de(demarche, pk)
    aller = request.POST.get("aller", "")
    if aller.isdecimal() and len(aller) < 4:
        actions.aller_a(ici, int(aller))
    partiel = request.headers.get("HX-Request") == "true"
    vers = adresse(demarche, "atelier_direct" if partiel else "atelier_projection", pk)
    return redirect(vers + _salle(request.POST.get("salle", "")))


def _salle(voulue: str) -> str:
    return f"?{urlencode({'salle': 'sombre'})}" if voulue == "sombre" else ""


def _contexte(
    request: HttpRequest, demarche: Demarche, ici: Atelier, marque: str | None = None
) -> dict[str, Any]:
    etapes = deroule.lire(ici.deroule)
    rang = min(ici.etape, len(etapes) - 1)
    actuelle = etapes[rang]
    salle = request.GET.get("salle", "")
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "atelier": ici,
        "marque": marque or signature(ici),
        "etape": actuelle,
        "rang": rang,
        "nombre_etapes": len(etapes),
        "precedente": rang - 1 if rang else None,
        "suivante": rang + 1 if rang + 1 < len(etapes) else None,
        "code": codes.epele(ici.code),
        "adresse": f"{request.get_host()}/a/",
        "sombre": salle == "sombre",
        "salle": _salle(salle),
        "redige": bool(peut_sur(cast(Agent, request.user), "diagnostic.rediger", demarche)),
        "geste": _geste_utile(ici, actuelle),
    }
    if actuelle.genre == Genre.INDICATEUR:
        lu = ecran.indicateur(demarche, actuelle.indicateur)
        return contexte | ({"motif": lu} if isinstance(lu, str) else {"chiffre": lu})
    if actuelle.genre != Genre.TEXTE:
        lu_bilan = bilan(ici)
        contexte |= {
            "bilan": lu_bilan,
            "recentes": lu_bilan.recentes[:CARTES],
            "premieres": [x for x in lu_bilan.lignes if x.points][:RANGS],
            "votes_rang": [x for x in lu_bilan.lignes if x.points][:5],
        }
    return contexte


def _geste_utile(ici: Atelier, etape: deroule.Etape) -> tuple[str, str] | None:
    """The gesture this step calls for: opening before the findings, the vote at its step."""
    voulu = {
        (Atelier.Etat.PREPARATION, Genre.ACCUEIL): "ouvrir_atelier",
        (Atelier.Etat.PREPARATION, Genre.COLLECTE): "ouvrir_atelier",
        (Atelier.Etat.OUVERT, Genre.VOTE): "ouvrir_vote",
        (Atelier.Etat.VOTE, Genre.COLLECTE): "reprendre_collecte",
        (Atelier.Etat.VOTE, Genre.RESULTATS): "clore_atelier",
    }.get((Atelier.Etat(ici.etat), Genre(etape.genre)))
    possibles = {t.geste: t.libelle for t in CYCLE_ATELIER.gestes_possibles(ici.etat)}
    return (voulu, possibles[voulu]) if voulu in possibles else None
