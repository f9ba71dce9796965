"""The versions of the perimeter of a territory: dates, composition, what changed, its portrait then."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.territoires.perimetres import perimetre
from arpent.plateforme.territoires.versions import versions

from ...flux.calcul import parametres_de
from ...lecture import lire_perimetre
from ...vulnerabilites.evaluation import evaluer
from ..page import presenter
from ..ressort import conduit


@page_demarche("diagnostic.voir")
def perimetre_versions(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """`?le=2026-01-01` reads the figures of the version that was in force that day."""
    request.place = "territoire"  # type: ignore[attr-defined]
    territoire, aujourd_hui = demarche.territoire, date.today()
    lues = versions(territoire)
    choisie = _choisie(request.GET.get("le", ""))
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "territoire": territoire,
        "versions": [(v, v.etat(aujourd_hui)) for v in reversed(lues)],
        "conduit": conduit(cast(Agent, request.user), demarche.processus),
        "date_refusee": request.GET.get("le", "")[:20] if choisie is None else "",
        "le": choisie if "le" in request.GET else None,
        "motif": "",
        "lecture": None,
    }
    if contexte["le"]:
        try:
            contexte |= presenter(
                lire_perimetre(
                    territoire.nom,
                    perimetre(territoire, contexte["le"]),
                    evaluer_avec=partial(evaluer, demarche),
                    parametres=parametres_de(demarche),
                )
            )
        except (ObservatoireVide, ValueError) as vide:
            contexte["motif"] = str(vide)
    return render(request, "diagnostics/perimetres/versions.html", contexte)


def _choisie(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte) if texte else date.today()
    except ValueError:
        return None
