"""Pages of the scenarios over a whole dispositif: the list, one of them, copy, search, name, delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.scenarios.optimisation import OptimisationImpossible
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ArbitrageRefuse
from ..droits import ARBITRER
from ..models import EnsembleScenarios
from ..scenarios.acces import PREPARER
from ..scenarios.forms import OBJECTIFS
from ..scenarios.lecture import COURANT
from ..scenarios.recherche import resume
from . import actions, recherche
from .acces import LIRE, page_ensembles, peut_ici, trouver
from .forms import CopierEnsembleForm, EnsembleForm, RechercheEnsembleForm
from .lecture import contenu_de, dehors_de, liste, sources


def _page_liste(
    request: RequeteAgent, dispositif: Dispositif, form: CopierEnsembleForm | None = None, status: int = 200
) -> HttpResponse:
    resumes = liste(dispositif)
    choix = sources([r.ensemble for r in resumes if r.ensemble is not None])
    contexte = {
        "dispositif": dispositif,
        "resumes": resumes,
        "ensembles": len(resumes) - 1,
        "peut": peut_ici(request.user, PREPARER, dispositif),
        "form": form or CopierEnsembleForm(sources=choix),
        "choix": choix,
    }
    return render(request, "negociations/ensembles/liste.html", contexte, status=status)


@page_ensembles(LIRE)
def ensembles(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    return _page_liste(request, dispositif)


@page_ensembles(PREPARER, "POST")
def copier(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """A new ensemble from the maquettes in progress or from another one."""
    connus = list(EnsembleScenarios.objects.filter(dispositif=dispositif).order_by("-pk"))
    form = CopierEnsembleForm(request.POST, sources=sources(connus))
    if not form.is_valid():
        return _page_liste(request, dispositif, form, status=422)
    lu = form.cleaned_data
    source = None if lu["source"] == COURANT else trouver(dispositif, identifiant(lu["source"]))
    try:
        copie = actions.copier(dispositif, lu["nom"], source, par=request.user)
    except ArbitrageRefuse as refus:
        form.add_error("nom", str(refus))
        return _page_liste(request, dispositif, form, status=422)
    messages.success(request, f"L’ensemble « {copie.nom} » est créé. Les territoires ne le voient pas.")
    return redirect("negociations:ensemble", slug=dispositif.slug, pk=copie.pk)


@page_ensembles(PREPARER, "GET", "HEAD", "POST")
def rechercher(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Asks the optimiser over every territory and keeps its proposal: never applied by itself."""
    possibles = recherche.possibles_de(dispositif)
    form = RechercheEnsembleForm(
        request.POST if request.method == "POST" else None,
        annees=possibles.annees, themes=possibles.themes, fonds=possibles.fonds,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        cherche = OBJECTIFS[form.cleaned_data["objectif"]][0].lower()
        try:
            objet, resultat = recherche.proposer(
                dispositif, possibles, form.cleaned_data["nom"], form.demande(), par=request.user,
                origine=f"Recherche : {cherche}",
            )  # fmt: skip
        except (OptimisationImpossible, ArbitrageRefuse) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La proposition est gardée comme ensemble. {resume(resultat)}")
            return redirect("negociations:ensemble", slug=dispositif.slug, pk=objet.pk)
    return render(
        request,
        "negociations/ensembles/recherche.html",
        {"dispositif": dispositif, "form": form, "possibles": possibles, "trop": possibles.est_trop_grand},
        status=422 if form.errors else 200,
    )


def _page_ensemble(
    request: RequeteAgent, dispositif: Dispositif, objet: EnsembleScenarios,
    form: EnsembleForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    initial = {"nom": objet.nom, "partage": objet.partage, "version_lue": objet.version}
    contenu = contenu_de(objet)
    contexte: dict[str, Any] = {
        "dispositif": dispositif,
        "ensemble": objet,
        "contenu": contenu,
        "dehors": dehors_de(contenu, objet, request.GET.get("page")),
        "etapes": recherche.etapes_dites(objet.recherche),
        "second_avis": recherche.total_du_second_avis(objet.recherche),
        "peut": peut_ici(request.user, PREPARER, dispositif),
        "peut_reprendre": peut_ici(request.user, ARBITRER, dispositif),
        "form": form or EnsembleForm(initial=initial),
        "form_copie": CopierEnsembleForm(sources=[(str(objet.pk), objet.nom)]),
    }
    return render(request, "negociations/ensembles/ensemble.html", contexte, status=status)


@page_ensembles(LIRE)
def ensemble(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    return _page_ensemble(request, dispositif, trouver(dispositif, pk))


@page_ensembles(PREPARER, "POST")
def modifier(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    objet, form = trouver(dispositif, pk), EnsembleForm(request.POST)
    if not form.is_valid():
        return _page_ensemble(request, dispositif, objet, form, status=422)
    lu = form.cleaned_data
    try:
        actions.modifier(objet, lu["nom"], lu["partage"], version_lue=lu["version_lue"], par=request.user)
    except ConflitDeVersion as conflit:
        retour = reverse("negociations:ensemble", args=[dispositif.slug, pk])
        return page_conflit(request, conflit, titre=objet.nom, retour=retour)
    except ArbitrageRefuse as refus:
        form.add_error("nom", str(refus))
        return _page_ensemble(request, dispositif, objet, form, status=422)
    messages.success(request, "L’ensemble est enregistré.")
    return redirect("negociations:ensemble", slug=dispositif.slug, pk=pk)


@page_ensembles(PREPARER, "POST")
def supprimer(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    objet = trouver(dispositif, pk)
    actions.supprimer(objet, par=request.user)
    messages.success(request, f"L’ensemble « {objet.nom} » est supprimé ; le journal garde ses montants.")
    return redirect("negociations:ensembles", slug=dispositif.slug)
