"""The evaluation of a contract: its indicators, their values, the euros that serve each enjeu."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..avancement.droits import NOTER, peut_noter
from ..avancement.lecture import fiches_suivies
from ..models import IndicateurSuivi, ValeurSuivie
from ..volets import volets
from . import actions
from .actions import EvaluationRefusee
from .forms import IndicateurForm, PoidsForm, ValeurForm
from .lecture import evaluation_de, figure_de, ligne_de

VOIR, REDIGER = "bilan.voir", "evaluation.rediger"


def _indicateur(demarche: Demarche, pk: int) -> IndicateurSuivi:
    lus = IndicateurSuivi.objects.select_related("enjeu", "axe", "fiche__maitre_ouvrage")
    indicateur: IndicateurSuivi = get_object_or_404(lus, pk=pk, demarche=demarche)
    indicateur.demarche = demarche
    return indicateur


def _retour(demarche: Demarche) -> str:
    return reverse("suivi:evaluation", args=[demarche.slug])


def peut_mesurer(agent: Agent, indicateur: IndicateurSuivi) -> Avis:
    """Who writes the evaluation; the owner too, on its own project. No query."""
    demarche = indicateur.demarche
    if peut_sur(agent, REDIGER, demarche):
        return ACCORDE
    if indicateur.fiche is None:
        return Avis(False, "Cet indicateur est tenu par l’intercommunalité et l’autorité.")
    fiche: Fiche = indicateur.fiche
    fiche.demarche = demarche
    return peut_noter(agent, fiche)


@page_demarche(VOIR)
def evaluation(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Twelve queries beside those of every page, whatever the number of projects and indicators."""
    contexte = {
        "demarche": demarche,
        "e": evaluation_de(demarche, list(fiches_suivies(demarche))),
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
        "volets": volets(demarche, "indicateurs"),
    }
    return render(request, "suivi/evaluation/evaluation.html", contexte)


def _saisir(request: RequeteAgent, demarche: Demarche, indicateur: IndicateurSuivi) -> HttpResponse:
    donnees = request.POST if request.method == "POST" else None
    avant = actions.dire_avant(indicateur) if indicateur.pk else None
    initial = {"sur": request.GET.get("sur", "")} if not indicateur.pk else {}
    form = IndicateurForm(donnees, instance=indicateur, demarche=demarche, initial=initial)
    if donnees is not None and form.is_valid():
        try:
            ecrit = actions.ecrire_indicateur(
                form.save(commit=False), par=request.user, avant=avant,
                version_lue=form.cleaned_data["version_lue"],
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cet indicateur a changé entre-temps", retour=request.path
            )
        messages.success(request, "L’indicateur est enregistré.")
        return redirect(ecrit.get_absolute_url())
    contexte = {"demarche": demarche, "form": form, "retour": _retour(demarche), "existe": avant is not None}
    status = 422 if donnees is not None else 200
    return render(request, "suivi/evaluation/indicateur_form.html", contexte, status=status)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def indicateur_creer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _saisir(request, demarche, IndicateurSuivi(demarche=demarche))


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def indicateur_modifier(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _saisir(request, demarche, _indicateur(demarche, pk))


@page_demarche(REDIGER, "POST")
def indicateur_supprimer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    actions.supprimer_indicateur(_indicateur(demarche, pk), par=request.user)
    messages.success(request, "L’indicateur est supprimé, avec ses valeurs.")
    return redirect(_retour(demarche))


def _page(
    request: RequeteAgent, indicateur: IndicateurSuivi, form: ValeurForm, status: int = 200
) -> HttpResponse:
    valeurs = list(indicateur.valeurs.order_by("le"))
    demarche = indicateur.demarche
    contexte: dict[str, Any] = {
        "demarche": demarche, "indicateur": indicateur, "ligne": ligne_de(indicateur, valeurs),
        "valeurs": valeurs[::-1], "figure": figure_de(indicateur, valeurs), "form": form,
        "mesure": peut_mesurer(request.user, indicateur),
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
    }  # fmt: skip
    return render(request, "suivi/evaluation/indicateur.html", contexte, status=status)


@page_demarche(VOIR)
def indicateur(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    lu = _indicateur(demarche, pk)
    return _page(request, lu, ValeurForm(initial={"le": date.today(), "source": lu.source}))


def _a_mesurer(request: RequeteAgent, demarche: Demarche, pk: int) -> IndicateurSuivi:
    lu = _indicateur(demarche, pk)
    if not (avis := peut_mesurer(request.user, lu)):
        raise PermissionDenied(avis.raison)
    return lu


@page_demarche(NOTER, "POST")
def valeur_noter(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    lu = _a_mesurer(request, demarche, pk)
    form = ValeurForm(request.POST)
    if form.is_valid():
        try:
            actions.noter_valeur(lu, **form.cleaned_data, par=request.user)
        except EvaluationRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La valeur est notée.")
            return redirect(lu.get_absolute_url())
    return _page(request, lu, form, 422)


@page_demarche(NOTER, "POST")
def valeur_relever(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Keeps what the observatoire says today."""
    lu = _a_mesurer(request, demarche, pk)
    try:
        actions.relever_valeur(lu, le=date.today(), par=request.user)
    except EvaluationRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La valeur de l’observatoire est gardée, avec sa source.")
    return redirect(lu.get_absolute_url())


@page_demarche(NOTER, "POST")
def valeur_effacer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    valeur = get_object_or_404(ValeurSuivie, pk=pk, indicateur__demarche=demarche)
    lu = _a_mesurer(request, demarche, valeur.indicateur_id)
    valeur.indicateur = lu
    actions.effacer_valeur(valeur, par=request.user)
    messages.success(request, "La valeur est effacée ; le journal la garde.")
    return redirect(lu.get_absolute_url())


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def poids(request: RequeteAgent, demarche: Demarche, numero: int) -> HttpResponse:
    """What each enjeu weighs in an axis."""
    axe = get_object_or_404(Axe, demarche=demarche, numero=numero)
    donnees = request.POST if request.method == "POST" else None
    form = PoidsForm(donnees, axe=axe)
    if donnees is not None and form.is_valid():
        try:
            actions.peser_enjeux(axe, form.poids, par=request.user)
        except EvaluationRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Les poids de l’axe {axe.numero} sont enregistrés.")
            return redirect(f"{_retour(demarche)}#contribution")
    contexte = {"demarche": demarche, "axe": axe, "form": form, "retour": _retour(demarche)}
    status = 422 if donnees is not None else 200
    return render(request, "suivi/evaluation/poids.html", contexte, status=status)
