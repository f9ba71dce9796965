"""The open data: the page, its files, the catalogue, the SIRET that are missing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent, page, publique
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.perimetre import organisations_visibles

from ..catalogue import catalogue, dictionnaire_csv
from ..editeur import nom_de_l_editeur
from ..etablissements import SiretRefuse, noter_siret
from ..jeux import FICHIERS, JEUX, SCHEMAS, contenu_garde
from ..lecture import lire, sirets, votes_adoptes
from ..scdl import subventions

VOIR, COMPLETER = "pilotage.voir", "annuaire.gerer"


def _exiger_ouvertes(request: HttpRequest) -> None:
    """404 while the instance has not opened its data, but for who steers it."""
    if not settings.ARPENT_DONNEES_OUVERTES and not peut(request.user, VOIR):
        raise Http404("Cette instance ne publie pas ses données.")


class SiretForm(forms.Form):
    siret = forms.CharField(label="SIRET du siège", max_length=20)


def _a_completer(request: HttpRequest, le: date) -> dict[str, Any]:
    """What cannot be published yet: for the people who may complete it, in their perimeter."""
    agent = request.user
    if not isinstance(agent, Agent) or not peut(agent, VOIR):
        return {}
    connus = sirets()
    _, ecartees = subventions(lire(le).attributions, connus)
    visibles = set(organisations_visibles(agent).order_by().values_list("pk", flat=True))
    ecartees = [e for e in ecartees if e.attribution.attribuant.pk in visibles]
    corps = {o.pk: o for e in ecartees for o in e.organisations if o.pk in visibles}
    for vote in votes_adoptes():
        organisation = vote.partie.organisation
        if organisation.pk in visibles and organisation.pk not in connus:
            corps.setdefault(organisation.pk, organisation)
    return {
        "ecartees": [(e, e.est_en_retard(le), e.approche(le)) for e in ecartees],
        "retards": sum(e.est_en_retard(le) for e in ecartees),
        "sans_siret": sorted(corps.values(), key=lambda o: o.nom),
        "peut_completer": bool(peut(agent, COMPLETER)),
    }


@publique()
def donnees(request: HttpRequest) -> HttpResponse:
    """The data sets and their dictionary; for who steers, what is missing to publish the rest."""
    _exiger_ouvertes(request)
    contexte = {
        "jeux": JEUX,
        "ouvertes": settings.ARPENT_DONNEES_OUVERTES,
        "editeur": nom_de_l_editeur(),
        "ecartees": [],
        "retards": 0,
        "sans_siret": [],
        "peut_completer": False,
        **_a_completer(request, date.today()),
    }
    return render(request, "echanges/donnees_ouvertes/donnees.html", contexte)


@publique()
def fichier(request: HttpRequest, nom: str) -> HttpResponse:
    """One file, ten minutes old at most. About twenty queries for each signed contract, when it is made."""
    _exiger_ouvertes(request)
    if nom not in FICHIERS:
        raise Http404("Ce fichier n’existe pas.")
    voulu = FICHIERS[nom]
    envoi = HttpResponse(contenu_garde(voulu, date.today()), content_type=voulu.mime)
    envoi.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return envoi


@publique()
def dcat(request: HttpRequest) -> HttpResponse:
    _exiger_ouvertes(request)
    decrit = catalogue(f"{settings.ARPENT_URL}/donnees/", nom_de_l_editeur(), date.today())
    return HttpResponse(json.dumps(decrit, ensure_ascii=False), content_type="application/ld+json")


@publique()
def dictionnaire(request: HttpRequest) -> HttpResponse:
    _exiger_ouvertes(request)
    return HttpResponse(dictionnaire_csv(), content_type="text/csv; charset=utf-8")


@publique()
def schema(request: HttpRequest, nom: str) -> HttpResponse:
    """An official schema, as published. No query."""
    _exiger_ouvertes(request)
    if nom not in {jeu.schema for jeu in JEUX if jeu.schema}:
        raise Http404("Ce schéma n’existe pas.")
    return HttpResponse((SCHEMAS / nom).read_bytes(), content_type="application/json")


@page(COMPLETER, "POST")
def siret(request: RequeteAgent, pk: int) -> HttpResponse:
    """Notes the SIRET of a body of one's perimeter."""
    organisation = get_object_or_404(organisations_visibles(request.user), pk=pk)
    form = SiretForm(request.POST)
    try:
        if not form.is_valid():
            raise SiretRefuse("Écrivez le SIRET : quatorze chiffres.")
        noter_siret(organisation, form.cleaned_data["siret"], par=request.user)
    except SiretRefuse as refus:
        messages.error(request, f"{organisation.nom} : {refus}")
    else:
        messages.success(request, f"Le SIRET de {organisation.nom} est noté.")
    return redirect("donnees:donnees")
