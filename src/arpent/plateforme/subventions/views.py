"""The realisation page: read only, from the last issued version of the contract."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from .lecture import realisation_de


@page_demarche("realisation.voir")
def realisation(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte = {"demarche": demarche, "r": realisation_de(demarche, date.today())}
    return render(request, "subventions/realisation.html", contexte)
