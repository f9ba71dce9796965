"""The AFOM board of a territory and its enjeux."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from .. import phrases
from ..lecture import lire
from ..models import ConstatTerritorial, Enjeu
from . import actions
from .forms import ConstatForm, EnjeuForm


@page_demarche("diagnostic.voir")
def constats(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The board and the enjeux; no figure is computed here."""
    tous = list(demarche.constats.all())
    contexte = {
        "demarche": demarche,
        "redige": bool(peut_sur(cast(Agent, request.user), "diagnostic.rediger", demarche)),
        "quadrants": quadrants(tous),
        "nombre_constats": len(tous),
        "enjeux": list(demarche.enjeux.prefetch_related("constats")),
    }
    return render(request, "diagnostics/constats/constats.html", contexte)


def quadrants(constats: list[ConstatTerritorial]) -> list[tuple[str, str, list[ConstatTerritorial]]]:
    """The four quadrants in the order of the board: (code, title, findings)."""
    titres = {
        "force": "Forces",
        "faiblesse": "Faiblesses",
        "opportunite": "Opportunités",
        "menace": "Menaces",
    }
    return [(code, titre, [c for c in constats if c.nature == code]) for code, titre in titres.items()]


def _retour(demarche: Demarche, ancre: str) -> str:
    return f"{reverse('diagnostics:constats', args=[demarche.slug])}#{ancre}"


def _figer(constat: ConstatTerritorial, demarche: Demarche) -> None:
    """Keeps the value and the vintage of the indicator as they are read today."""
    constat.valeur_citee, constat.millesime_cite = "", ""
    if not constat.indicateur:
        return
    try:
        ligne = lire(demarche, date.today()).ligne(constat.indicateur)
    except (ObservatoireVide, ValueError):
        return
    if ligne is not None:
        texte = phrases.citation(ligne.valeur, ligne.indicateur, ligne.france)
        constat.valeur_citee, constat.millesime_cite = texte[:120], ligne.valeur.millesime[:60]


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    nature = request.GET.get("nature", "")
    connue = nature if nature in ConstatTerritorial.Nature.values else ConstatTerritorial.Nature.FORCE
    constat = ConstatTerritorial(demarche=demarche, nature=connue)
    form = ConstatForm(request.POST or None, instance=constat)
    if form.is_valid():
        _figer(constat, demarche)
        actions.ajouter_constat(constat, par=cast(Agent, request.user))
        messages.success(request, "Le constat est ajouté au tableau.")
        return redirect(_retour(demarche, "afom"))
    return _formulaire(request, demarche, form, "Ajouter un constat", "afom")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    constat = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    avant = {nom: getattr(constat, nom) for nom in actions.CHAMPS_CONSTAT}
    form = ConstatForm(request.POST or None, instance=constat)
    if form.is_valid():
        if constat.indicateur != avant["indicateur"] or form.cleaned_data.get("actualiser"):
            _figer(constat, demarche)
        try:
            actions.modifier_constat(
                constat,
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce constat a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, "Le constat est enregistré.")
        return redirect(_retour(demarche, "afom"))
    return _formulaire(request, demarche, form, "Modifier un constat", "afom")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def constat_supprimer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    constat = get_object_or_404(demarche.constats.select_related("demarche"), pk=pk)
    if request.method == "POST":
        actions.supprimer_constat(constat, par=cast(Agent, request.user))
        messages.success(request, "Le constat est supprimé ; le journal en garde le texte.")
        return redirect(_retour(demarche, "afom"))
    return _confirmation(request, demarche, constat, list(constat.enjeux.all()), "afom")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def enjeu_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    enjeu = Enjeu(demarche=demarche, priorite=min(demarche.enjeux.count() + 1, 99))
    form = EnjeuForm(request.POST or None, instance=enjeu)
    if form.is_valid():
        actions.ajouter_enjeu(enjeu, form.cleaned_data["constats"], par=cast(Agent, request.user))
        messages.success(request, "L’enjeu est ajouté.")
        return redirect(_retour(demarche, "enjeux"))
    return _formulaire(request, demarche, form, "Ajouter un enjeu", "enjeux")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def enjeu_modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    enjeu = get_object_or_404(demarche.enjeux.select_related("demarche"), pk=pk)
    avant = {nom: getattr(enjeu, nom) for nom in actions.CHAMPS_ENJEU}
    form = EnjeuForm(request.POST or None, instance=enjeu)
    if form.is_valid():
        try:
            actions.modifier_enjeu(
                enjeu,
                form.cleaned_data["constats"],
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Cet enjeu a changé entre-temps", retour=request.get_full_path()
            )
        messages.success(request, "L’enjeu est enregistré.")
        return redirect(_retour(demarche, "enjeux"))
    return _formulaire(request, demarche, form, "Modifier un enjeu", "enjeux")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def enjeu_supprimer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    enjeu = get_object_or_404(demarche.enjeux.select_related("demarche"), pk=pk)
    if request.method == "POST":
        actions.supprimer_enjeu(enjeu, par=cast(Agent, request.user))
        messages.success(request, "L’enjeu est supprimé ; le journal en garde le texte.")
        return redirect(_retour(demarche, "enjeux"))
    return _confirmation(request, demarche, enjeu, [], "enjeux")


@page_demarche("diagnostic.rediger", "POST")
def enjeux_ordonner(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Reads `priorite-<pk>` for each enjeu; one wrong number changes nothing."""
    try:
        priorites = {
            int(cle.removeprefix("priorite-")): int(str(valeur))
            for cle, valeur in request.POST.items()
            if cle.startswith("priorite-")
        }
    except ValueError:
        priorites = {}
    if not priorites or not all(1 <= p <= 99 for p in priorites.values()):
        messages.error(request, "Les priorités n’ont pas changé : donnez à chaque enjeu un nombre de 1 à 99.")
        return redirect(_retour(demarche, "enjeux"))
    changes = actions.ordonner_enjeux(demarche, priorites, par=cast(Agent, request.user))
    messages.success(
        request, "Les priorités sont enregistrées." if changes else "Les priorités étaient déjà celles-là."
    )
    return redirect(_retour(demarche, "enjeux"))


def _formulaire(
    request: HttpRequest, demarche: Demarche, form: ConstatForm | EnjeuForm, titre: str, ancre: str
) -> HttpResponse:
    contexte = {"demarche": demarche, "form": form, "titre": titre, "retour": _retour(demarche, ancre)}
    return render(request, "diagnostics/constats/formulaire.html", contexte)


def _confirmation(
    request: HttpRequest,
    demarche: Demarche,
    objet: ConstatTerritorial | Enjeu,
    lies: list[Enjeu],
    ancre: str,
) -> HttpResponse:
    contexte = {"demarche": demarche, "objet": objet, "lies": lies, "retour": _retour(demarche, ancre)}
    return render(request, "diagnostics/constats/supprimer.html", contexte)
