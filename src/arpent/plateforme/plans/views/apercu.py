"""The pré-instruction while one types: the form is sent, nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche

from ..apercu import examiner_saisie
from ..champs import modele_de
from ..constats import GENRES_VERDICT
from ..droits import peut_proposer_pour, peut_rediger
from ..forms import Saisie
from ..models import Fiche
from ..page_actes import constats_vivants
from .fiche import exiger
from .volets import fiche_ou_404


def _apercu(request: HttpRequest, fiche: Fiche) -> HttpResponse:
    """The findings on what is typed: a fragment for the form, a whole page without JavaScript."""
    saisie = Saisie(fiche, cast(Agent, request.user), request.POST, modele_de(fiche.demarche))
    saisie.is_valid()
    politiques = saisie.form.cleaned_data.get("politiques")
    examen = examiner_saisie(
        saisie.fiche,
        saisie.financements_retenus(),
        saisie.depenses,
        None if politiques is None else [p.code for p in politiques],
        date.today(),
    )
    resultat = examen.resultat
    contexte: dict[str, Any] = {
        "demarche": fiche.demarche,
        "fiche": fiche,
        "examen": examen,
        "resultat": resultat,
        "verdict": (GENRES_VERDICT[resultat.verdict], LIBELLES_VERDICT[resultat.verdict])
        if resultat
        else None,
        "constats": constats_vivants(examen, deroge=False),
    }
    gabarit = "plans/_examen.html" if "_apercu" in request.POST else "plans/apercu.html"
    return render(request, gabarit, contexte)


@page_demarche("fiche.rediger", "POST")
def apercu_nouvelle(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Of a fiche not saved yet."""
    fiche = Fiche(demarche=demarche)
    ids = peut_proposer_pour(cast(Agent, request.user), demarche)
    if ids is not None and len(ids) == 1:
        fiche.maitre_ouvrage_id = next(iter(ids))
    return _apercu(request, fiche)


@page_demarche("fiche.rediger", "POST")
def apercu(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Of a fiche being modified."""
    fiche = fiche_ou_404(request, demarche, numero)
    exiger(peut_rediger(cast(Agent, request.user), fiche))
    return _apercu(request, fiche)
