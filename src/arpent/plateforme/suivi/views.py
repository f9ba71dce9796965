"""The bilan page: what is decided, done, left, late; then who the aids go to. Read only."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from .etat import etat_du_contrat
from .lecture import bilan_de


@page_demarche("bilan.voir")
def bilan(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    le = date.today()
    contexte = {"demarche": demarche, "b": bilan_de(demarche, le), "e": etat_du_contrat(demarche, le)}
    return render(request, "suivi/bilan.html", contexte)
