"""Writing the enjeux and their order."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..models import Enjeu
from . import actions
from .forms import EnjeuForm
from .pages import confirmation, formulaire, retour_au_tableau


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def enjeu_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    enjeu = Enjeu(demarche=demarche, priorite=min(demarche.enjeux.count() + 1, 99))
    form = EnjeuForm(request.POST or None, instance=enjeu)
    if form.is_valid():
        actions.ajouter_enjeu(enjeu, form.cleaned_data["constats"], par=cast(Agent, request.user))
        messages.success(request, "L’enjeu est ajouté.")
        return redirect(retour_au_tableau(demarche, "enjeux"))
    return formulaire(request, demarche, form, "Ajouter un enjeu", "enjeux")


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
        return redirect(retour_au_tableau(demarche, "enjeux"))
    return formulaire(request, demarche, form, "Modifier un enjeu", "enjeux")


@page_demarche("diagnostic.rediger", "GET", "HEAD", "POST")
def enjeu_supprimer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    enjeu = get_object_or_404(demarche.enjeux.select_related("demarche"), pk=pk)
    if request.method == "POST":
        actions.supprimer_enjeu(enjeu, par=cast(Agent, request.user))
        messages.success(request, "L’enjeu est supprimé ; le journal en garde le texte.")
        return redirect(retour_au_tableau(demarche, "enjeux"))
    return confirmation(request, demarche, enjeu, [], "enjeux")


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
        return redirect(retour_au_tableau(demarche, "enjeux"))
    changes = actions.ordonner_enjeux(demarche, priorites, par=cast(Agent, request.user))
    messages.success(
        request, "Les priorités sont enregistrées." if changes else "Les priorités étaient déjà celles-là."
    )
    return redirect(retour_au_tableau(demarche, "enjeux"))
