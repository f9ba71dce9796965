"""The bilan page: who the proposed aids go to. Read only."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from .lecture import bilan_de


@page_demarche("bilan.voir")
def bilan(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte = {"demarche": demarche, "b": bilan_de(demarche, date.today())}
    return render(request, "suivi/bilan.html", contexte)
