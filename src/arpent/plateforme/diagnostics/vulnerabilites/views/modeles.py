"""The models of the policy: copied from a shipped one, changed, previewed, put in force."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import ModeleVulnerabilite
from .. import actions, presentation
from ..bibliotheque import chercher, lisible, livres, politique
from ..definition import differences, sans_effets_etrangers
from ..evaluation import ModeleInapplicable
from ..forms import ModeleForm, MotifForm
from ..impact import mesurer
from .lecture import lieux


def _processus(demarche: Demarche) -> int:
    return demarche.version_processus.processus_id


def _le_sien(demarche: Demarche, pk: int) -> ModeleVulnerabilite:
    return get_object_or_404(ModeleVulnerabilite, pk=pk, processus_id=_processus(demarche))


@page_demarche("diagnostic.voir")
def modeles(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Those of the authority, then those shipped. No figure is computed."""
    dit = politique(demarche)
    siens = list(ModeleVulnerabilite.objects.filter(processus_id=dit.processus_id))
    contexte = {
        "demarche": demarche,
        "conduit": bool(peut_sur(cast(Agent, request.user), "demarche.conduire", demarche)),
        "applique": dit.applique,
        "siens": [(m, lisible(m.definition)) for m in siens],
        "livres": [x.modele for x in livres().values()],
    }
    return render(request, "diagnostics/vulnerabilites/modeles.html", contexte)


@page_demarche("demarche.conduire", "POST")
def modele_copier(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """A draft from the model whose code is sent."""
    code = request.POST.get("code", "")[:60]
    trouve = chercher(code, _processus(demarche)) if code else None
    if trouve is None:
        messages.error(request, "Ce modèle n’existe pas : choisissez-en un dans la liste.")
        return redirect("diagnostics:modeles", demarche.slug)
    definition = sans_effets_etrangers(trouve[1], politique(demarche).types_contrat)
    copie = actions.copier(
        _processus(demarche), definition, code, par=cast(Agent, request.user), demarche_id=demarche.pk
    )
    messages.success(request, "Le modèle est copié : changez-le, puis lisez ce qui bougerait.")
    return redirect("diagnostics:modele_modifier", demarche.slug, copie.pk)


@page_demarche("demarche.conduire", "GET", "HEAD", "POST")
def modele_modifier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    modele = _le_sien(demarche, pk)
    avant = modele.definition
    types = politique(demarche).types_contrat
    form = ModeleForm(request.POST or None, instance=modele, types_contrat=types)
    if form.is_valid():
        try:
            actions.modifier(
                modele,
                avant=avant,
                version_lue=form.cleaned_data["version_lue"],
                par=cast(Agent, request.user),
                demarche_id=demarche.pk,
            )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce modèle a changé entre-temps", retour=request.get_full_path()
            )
        except actions.GesteRefuse as refus:
            messages.error(request, str(refus))
            return redirect("diagnostics:modeles", demarche.slug)
        messages.success(
            request, "Le modèle est enregistré. Il ne décide rien tant qu’il n’est pas en vigueur."
        )
        if "apercu" in request.POST:
            return redirect("diagnostics:modele_appliquer", demarche.slug, pk)
        return redirect("diagnostics:modele_modifier", demarche.slug, pk)
    contexte = {"demarche": demarche, "modele": modele, "form": form, "lu": lisible(modele.definition)}
    return render(request, "diagnostics/vulnerabilites/modele.html", contexte)


@page_demarche("demarche.conduire", "GET", "HEAD", "POST")
def modele_appliquer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """What would change, then the decision and its reason; for the one in force, ceasing to apply it."""
    modele = _le_sien(demarche, pk)
    form = MotifForm(request.POST or None, initial={"version_lue": modele.version})
    contexte: dict[str, Any] = {"demarche": demarche, "modele": modele, "form": form}
    if not modele.en_vigueur:
        contexte |= _apercu(demarche, modele)
    if form.is_valid() and not contexte.get("refus"):
        par, motif = cast(Agent, request.user), form.cleaned_data["motif"]
        try:
            if modele.en_vigueur:
                actions.retirer(modele, motif=motif, par=par, demarche_id=demarche.pk)
                messages.success(
                    request, "Le modèle n’est plus appliqué ; celui du dispositif l’est à nouveau."
                )
            else:
                lue = form.cleaned_data["version_lue"]
                actions.mettre_en_vigueur(
                    modele, motif=motif, version_lue=lue, par=par, demarche_id=demarche.pk
                )
                messages.success(
                    request, f"« {modele} » est en vigueur pour tous les territoires du dispositif."
                )
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce modèle a changé entre-temps", retour=request.get_full_path()
            )
        except actions.GesteRefuse as refus:
            messages.error(request, str(refus))
        return redirect("diagnostics:modeles", demarche.slug)
    return render(request, "diagnostics/vulnerabilites/appliquer.html", contexte)


def _apercu(demarche: Demarche, modele: ModeleVulnerabilite) -> dict[str, Any]:
    """The measured impact, or why the model cannot be put in force."""
    lu = lisible(modele.definition)
    if lu is None or not lu.est_applicable:
        return {"refus": "Des poids ou des seuils restent à saisir : complétez le modèle."}
    dit = politique(demarche)
    try:
        magasin, _, departement = lieux(demarche)
        impact = mesurer(demarche, dit, lu, magasin, departement, date.today())
    except (ModeleInapplicable, ObservatoireVide, ValueError) as vide:
        return {"refus": str(vide)}
    actuelle = chercher(dit.applique.code, dit.processus_id) if dit.applique else None
    return {
        "impact": impact,
        "actuel": dit.applique,
        "differences": differences(actuelle[1] if actuelle else None, modele.definition),
        "tableau": presentation.tableau_croise(impact.croisement),
        "membres": presentation.dire_echelle(lu),
    }


@page_demarche("demarche.conduire", "GET", "HEAD", "POST")
def modele_supprimer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    modele = _le_sien(demarche, pk)
    retour = reverse("diagnostics:modeles", args=[demarche.slug])
    if request.method == "POST":
        try:
            actions.supprimer(modele, par=cast(Agent, request.user), demarche_id=demarche.pk)
        except actions.GesteRefuse as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "Le modèle est supprimé ; le journal en garde la trace.")
        return redirect(retour)
    contexte = {"demarche": demarche, "modele": modele, "retour": retour}
    return render(request, "diagnostics/vulnerabilites/supprimer.html", contexte)
