"""The form and the confirmation shared by findings and enjeux."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche

from ..models import ConstatTerritorial, Enjeu
from .forms import ConstatForm, EnjeuForm


def retour_au_tableau(demarche: Demarche, ancre: str) -> str:
    return f"{reverse('diagnostics:constats', args=[demarche.slug])}#{ancre}"


def formulaire(
    request: HttpRequest, demarche: Demarche, form: ConstatForm | EnjeuForm, titre: str, ancre: str
) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "enjeu": form.instance.pk if ancre == "enjeux" else None,
        "form": form,
        "titre": titre,
        "retour": retour_au_tableau(demarche, ancre),
    }
    return render(request, "diagnostics/constats/formulaire.html", contexte)


def confirmation(
    request: HttpRequest,
    demarche: Demarche,
    objet: ConstatTerritorial | Enjeu,
    lies: list[Enjeu],
    ancre: str,
) -> HttpResponse:
    contexte = {
        "demarche": demarche,
        "objet": objet,
        "lies": lies,
        "retour": retour_au_tableau(demarche, ancre),
    }
    return render(request, "diagnostics/constats/supprimer.html", contexte)
