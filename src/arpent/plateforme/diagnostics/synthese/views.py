"""The diagnostic in one page: key figures, where the money comes from, what is at stake."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.flux_revenus import paragraphe
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from .. import phrases
from ..lecture import lire


@page_demarche("diagnostic.voir")
def diagnostic(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "enjeux": list(demarche.enjeux.all()),
        "lecture": None,
        "motif": "",
        "titre": f"{demarche.territoire.nom} : le diagnostic attend ses données",
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
    else:
        contexte |= {
            "lecture": lecture,
            "titre": phrases.titre(lecture),
            "chiffres": phrases.chiffres(lecture),
            "flux_texte": paragraphe(lecture.flux, lecture.nom),
        }
    return render(request, "diagnostics/diagnostic.html", contexte)
