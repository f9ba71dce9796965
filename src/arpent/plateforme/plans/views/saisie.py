"""Writing a fiche, writing an axis: one form each, kept filled until it is right."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.metier.plan_financement import Plan
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ActionRefusee, enregistrer_fiche, lignes_de
from ..axes import enregistrer_axe
from ..droits import peut_proposer_pour, peut_rediger
from ..forms import AxeForm, FicheForm, LignesFormSet, lignes_saisies
from ..lot import en_financements
from ..models import Axe, Fiche
from .fiche import exiger, fiche_ou_404


def _saisir(request: HttpRequest, fiche: Fiche) -> HttpResponse:
    """Shows, checks or saves the form of a fiche, new or not."""
    agent, demarche = cast(Agent, request.user), fiche.demarche
    nouvelle = fiche.pk is None
    stored = [] if nouvelle else lignes_de(fiche)
    initial = [
        {"financeur": x.financeur.value, "libelle": x.libelle, "montant": x.montant, "statut": x.statut.value,
         "le": x.le, "demonstration": x.demonstration}
        for x in stored
    ]  # fmt: skip
    donnees = request.POST if request.method == "POST" else None
    form = FicheForm(donnees, instance=fiche, demarche=demarche, agent=agent)
    lignes = LignesFormSet(donnees, initial=initial, prefix="lignes")
    retour = demarche.get_absolute_url() if nouvelle else fiche.get_absolute_url()
    if nouvelle:
        retour = reverse("plans:plan", args=[demarche.slug])
    # Both are checked, whatever the first answers: all that is wrong is said at once.
    if donnees is not None and all([form.is_valid(), lignes.is_valid()]):
        try:
            enregistree = enregistrer_fiche(
                form.save(commit=False),
                lignes_saisies(lignes),
                par=agent,
                version_lue=None if nouvelle else form.cleaned_data["version_lue"],
                politiques=list(form.cleaned_data["politiques"]),
            )
        except ConflitDeVersion as conflit:
            reouvrir = reverse("plans:fiche_modifier", args=[demarche.slug, fiche.numero])
            return page_conflit(request, conflit, titre="La fiche a changé entre-temps", retour=reouvrir)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            _annoncer(request, enregistree)
            return redirect("plans:fiche", demarche.slug, enregistree.numero)
    contexte = {
        "demarche": demarche,
        "fiche": fiche,
        "nouvelle": nouvelle,
        "form": form,
        "lignes": lignes,
        "retour": retour,
    }
    return render(request, "plans/fiche_form.html", contexte, status=200 if donnees is None else 400)


def _annoncer(request: HttpRequest, fiche: Fiche) -> None:
    messages.success(request, f"La fiche n° {fiche.numero} est enregistrée.")
    plan = Plan(fiche.cout_ht, en_financements(fiche.financements.all()))
    if plan.financements and plan.ecart < 0:
        messages.warning(
            request,
            f"Le plan de financement dépasse le coût de {formater_euros(-plan.ecart)} : corrigez une ligne.",
        )


@page_demarche("fiche.rediger", "GET", "HEAD", "POST")
def fiche_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A new fiche, in draft, for a body one writes for."""
    ids = peut_proposer_pour(cast(Agent, request.user), demarche)
    if ids is not None and not ids:
        raise PermissionDenied("Votre compte n’est rattaché à aucun maître d’ouvrage de ce territoire.")
    fiche = Fiche(demarche=demarche)
    if ids is not None and len(ids) == 1:
        fiche.maitre_ouvrage_id = next(iter(ids))
    return _saisir(request, fiche)


@page_demarche("fiche.rediger", "GET", "HEAD", "POST")
def fiche_modifier(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """The same form over an existing fiche; a stale save answers 409 with both versions."""
    fiche = fiche_ou_404(request, demarche, numero)
    exiger(peut_rediger(cast(Agent, request.user), fiche))
    return _saisir(request, fiche)


def _saisir_axe(request: HttpRequest, demarche: Demarche, axe: Axe) -> HttpResponse:
    donnees = request.POST if request.method == "POST" else None
    form = AxeForm(donnees, instance=axe, demarche=demarche)
    retour = reverse("plans:plan", args=[demarche.slug])
    if donnees is not None and form.is_valid():
        version = None if axe.pk is None else form.cleaned_data["version_lue"]
        enjeux = list(form.cleaned_data["enjeux"])
        try:
            enregistre = enregistrer_axe(
                form.save(commit=False), enjeux, par=cast(Agent, request.user), version_lue=version
            )
        except ConflitDeVersion as conflit:
            reouvrir = reverse("plans:axe_modifier", args=[demarche.slug, axe.numero])
            return page_conflit(request, conflit, titre="L’axe a changé entre-temps", retour=reouvrir)
        messages.success(request, f"L’axe {enregistre.numero} est enregistré.")
        return redirect(retour)
    contexte = {"demarche": demarche, "axe": axe, "form": form, "retour": retour}
    return render(request, "plans/axe_form.html", contexte, status=200 if donnees is None else 400)


@page_demarche("plan.structurer", "GET", "HEAD", "POST")
def axe_creer(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    return _saisir_axe(request, demarche, Axe(demarche=demarche))


@page_demarche("plan.structurer", "GET", "HEAD", "POST")
def axe_modifier(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    return _saisir_axe(request, demarche, get_object_or_404(Axe, demarche=demarche, numero=numero))
