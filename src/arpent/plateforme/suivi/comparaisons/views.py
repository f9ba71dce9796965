"""Beside the twins over time; beside the generations before."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from arpent.metier.trajectoires import ensemble_de
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from ..evaluation.releve import lire_observatoire
from ..models import IndicateurSuivi
from ..volets import volets
from .generations import generations_de
from .jumeaux import Comparee, annee_de_signature, comparables, comparer, figure_de

VOIR = "bilan.voir"


def rangees_de(c: Comparee) -> list[dict[str, object]]:
    """The table behind the chart: both sums of each value."""
    t = c.trajectoire
    return [
        {
            "point": p,
            "apres": t.est_apres(p),
            "ici": c.ecrire(t.territoire(p)),
            "mediane": c.ecrire(t.mediane(p)),
            "ensemble": c.ecrire(t.ensemble(p)),
            "somme": ensemble_de(p.jumeaux),
            "connus": len(p.jumeaux),
        }
        for p in t.points
    ]


@page_demarche(VOIR)
def jumeaux(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Five queries beside those of every page."""
    lecture, signature = lire_observatoire(demarche), annee_de_signature(demarche)
    suivis = list(
        IndicateurSuivi.objects.filter(demarche=demarche).exclude(code="").values_list("code", flat=True)
    )
    choix = comparables(lecture) if lecture else []
    codes = [q.code for q in choix]
    demande = request.GET.get("indicateur", "")
    code = next((c for c in (demande, *suivis, *codes) if c in codes), "")
    lue = comparer(lecture, code, signature) if lecture and code else None
    contexte = {
        "demarche": demarche,
        "choix": choix,
        "code": code,
        "c": lue,
        "rangees": rangees_de(lue) if lue else [],
        "figure": figure_de(lue, demarche.territoire.nom) if lue else None,
        "motif": lecture.jumeaux.motif if lecture else "",
        "suivis": suivis,
        "volets": volets(demarche, "jumeaux"),
    }
    return render(request, "suivi/comparaisons/jumeaux.html", contexte)


@page_demarche(VOIR)
def generations(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "g": generations_de(demarche, request.user),
        "volets": volets(demarche, "generations"),
    }
    return render(request, "suivi/comparaisons/generations.html", contexte)
