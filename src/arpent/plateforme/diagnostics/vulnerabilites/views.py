"""The class of the territory, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from ..lecture import Lecture, lire


@page_demarche("diagnostic.voir")
def vulnerabilite(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "titre": f"{demarche.territoire.nom} : la vulnérabilité attend ses données",
    }
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        contexte["motif"] = str(vide)
    else:
        contexte |= {
            "titre": "La vulnérabilité du territoire",
            "vulnerabilite": lecture.vulnerabilite,
            "libelle_type": _libelle_type(lecture),
        }
    return render(request, "diagnostics/vulnerabilites/vulnerabilite.html", contexte)


def _libelle_type(lecture: Lecture) -> str:
    code = lecture.vulnerabilite.type_contrat if lecture.vulnerabilite else None
    return lecture.vulnerabilite.types_contrat.get(code, code) if lecture.vulnerabilite and code else ""
