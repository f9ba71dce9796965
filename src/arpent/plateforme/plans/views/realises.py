"""The page of the diagnostic that tells what is already done."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche

from ..filtres import lire_filtre
from ..realises import MONTRES, lire_realises


@page_demarche("plan.voir")
def realises(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Projects carried out and under way, by enjeu when asked (`enjeu`). Two queries of its own."""
    agent = cast(Agent, request.user)
    request.place = "diagnostic"  # type: ignore[attr-defined]
    filtre = lire_filtre(request.GET)
    enjeux = {str(e.pk): e.libelle for e in demarche.enjeux.order_by("priorite", "pk")}
    enjeu = filtre.enjeu if filtre.enjeu in enjeux else ""
    contexte = {
        "demarche": demarche,
        "lus": lire_realises(demarche, agent, int(enjeu) if enjeu else None),
        "montres": MONTRES,
        "enjeux": filtre.choix("enjeu", enjeux),
        "enjeu": enjeux.get(enjeu, ""),
        "code_enjeu": enjeu,
        "peut_creer": bool(peut_sur(agent, "fiche.rediger", demarche)),
    }
    return render(request, "plans/realises.html", contexte)
