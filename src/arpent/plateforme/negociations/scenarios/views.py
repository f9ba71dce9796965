"""Pages of the scenarios: the list, one of them, two side by side, the search for a proposal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.scenarios.optimisation import OptimisationImpossible
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ArbitrageRefuse
from ..droits import ARBITRER, VOIR
from ..models import Scenario
from ..passerelle import annees_de
from ..sorties import scenario_ou_vierge
from . import acces, actions
from .acces import PREPARER
from .comparaison import comparer_scenarios
from .forms import OBJECTIFS, CopierForm, RechercheForm, ScenarioForm
from .garder import garder
from .lecture import COURANT, contenu_de, liste
from .recherche import chercher, resume

RAISONS_DITES = 10


def _trouver(request: RequeteAgent, demarche: Demarche, pk: int) -> Scenario:
    trouve = acces.trouver(request.user, demarche, str(pk))
    if trouve is None:
        raise Http404("Ce scénario n’existe pas, ou l’autre partie ne l’a pas montré.")
    return trouve


def _designe(request: RequeteAgent, demarche: Demarche, code: str) -> Scenario:
    """« courant » or the number of a scenario that this agent may read."""
    if code in ("", COURANT):
        return scenario_ou_vierge(demarche)
    if (pk := identifiant(code)) is None:
        raise Http404("Ce scénario n’existe pas.")
    return _trouver(request, demarche, pk)


def _sources(request: RequeteAgent, demarche: Demarche) -> list[tuple[str, str]]:
    variantes = acces.visibles(request.user, demarche).order_by("-pk").values_list("pk", "nom")
    return [(COURANT, "la maquette en cours"), *((str(pk), nom) for pk, nom in variantes)]


def _page_liste(
    request: RequeteAgent, demarche: Demarche, form: CopierForm | None = None, status: int = 200
) -> HttpResponse:
    resumes, enveloppe = liste(request.user, demarche)
    peut = peut_sur(request.user, PREPARER, demarche)
    sources = [(COURANT, "la maquette en cours")]
    sources += [(str(r.scenario.pk), r.scenario.nom) for r in resumes if not r.scenario.est_courant]
    contexte = {
        "demarche": demarche,
        "resumes": resumes,
        "variantes": sum(not r.scenario.est_courant for r in resumes),
        "enveloppe": enveloppe,
        "peut": peut,
        "form": form or CopierForm(sources=sources),
        "choix": sources,
    }
    return render(request, "negociations/scenarios/liste.html", contexte, status=status)


@page_demarche(VOIR)
def scenarios(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page_liste(request, demarche)


@page_demarche(PREPARER, "POST")
def copier(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    form = CopierForm(request.POST, sources=_sources(request, demarche))
    if not form.is_valid():
        return _page_liste(request, demarche, form, status=422)
    lu = form.cleaned_data
    source = _designe(request, demarche, lu["source"])
    try:
        copie = actions.copier(source, lu["nom"], acces.camp_de(request.user, demarche), par=request.user)
    except ArbitrageRefuse as refus:
        form.add_error("nom", str(refus))
        return _page_liste(request, demarche, form, status=422)
    messages.success(request, f"Le scénario « {copie.nom} » est créé. Il n’est visible que de votre côté.")
    return redirect("negociations:scenario", slug=demarche.slug, pk=copie.pk)


def _page_scenario(
    request: RequeteAgent, demarche: Demarche, objet: Scenario, form: ScenarioForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    objet.demarche = demarche
    initial = {"nom": objet.nom, "partage": objet.partage, "version_lue": objet.version}
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "scenario": objet,
        "contenu": contenu_de(objet, date.today()),
        "peut_modifier": acces.peut_preparer(request.user, objet, demarche),
        "peut_nommer": acces.peut_nommer(request.user, objet, demarche),
        "ensemble": objet.ensemble if acces.peut_partout_lire(request.user, demarche) else None,
        "peut_arbitrer": peut_sur(request.user, ARBITRER, demarche),
        "form": form or ScenarioForm(initial=initial),
        "second_avis": _total_du_second_avis(objet),
    }
    return render(request, "negociations/scenarios/scenario.html", contexte, status=status)


def _total_du_second_avis(objet: Scenario) -> Decimal | None:
    avis = (objet.recherche or {}).get("second_avis")
    return Decimal(avis["total"]) if avis else None


@page_demarche(VOIR)
def scenario(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _page_scenario(request, demarche, _trouver(request, demarche, pk))


def _a_moi(request: RequeteAgent, demarche: Demarche, pk: int) -> Scenario:
    objet = _trouver(request, demarche, pk)
    if not (avis := acces.peut_nommer(request.user, objet, demarche)):
        raise ArbitrageRefuse(avis.raison)
    return objet


@page_demarche(PREPARER, "POST")
def modifier(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    objet, form = _trouver(request, demarche, pk), ScenarioForm(request.POST)
    if not form.is_valid():
        return _page_scenario(request, demarche, objet, form, status=422)
    lu = form.cleaned_data
    try:
        actions.modifier(
            _a_moi(request, demarche, pk), lu["nom"], lu["partage"],
            version_lue=lu["version_lue"], par=request.user,
        )  # fmt: skip
    except ConflitDeVersion as conflit:
        retour = reverse("negociations:scenario", args=[demarche.slug, pk])
        return page_conflit(request, conflit, titre=objet.nom, retour=retour)
    except ArbitrageRefuse as refus:
        form.add_error("nom", str(refus))
        return _page_scenario(request, demarche, objet, form, status=422)
    messages.success(request, "Le scénario est enregistré.")
    return redirect("negociations:scenario", slug=demarche.slug, pk=pk)


@page_demarche(PREPARER, "POST")
def supprimer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    try:
        objet = _a_moi(request, demarche, pk)
    except ArbitrageRefuse as refus:
        messages.error(request, str(refus))
        return redirect("negociations:scenario", slug=demarche.slug, pk=pk)
    actions.supprimer(objet, par=request.user)
    messages.success(request, f"Le scénario « {objet.nom} » est supprimé ; le journal garde ses montants.")
    return redirect("negociations:scenarios", slug=demarche.slug)


@page_demarche(ARBITRER, "POST")
def reprendre(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Puts the scenario in the maquette in progress; what the règlement refuses is told, then compared."""
    objet = _trouver(request, demarche, pk)
    try:
        reprise = actions.reprendre(objet, par=request.user)
    except ArbitrageRefuse as refus:
        messages.error(request, str(refus))
        return redirect("negociations:scenario", slug=demarche.slug, pk=pk)
    messages.success(request, _compte_rendu(reprise))
    for fiche, raison in reprise.refusees[:RAISONS_DITES]:
        messages.warning(request, f"{fiche.numero}. {fiche.titre} : {raison}")
    if (reste := len(reprise.refusees) - RAISONS_DITES) > 0:
        messages.warning(request, f"{reste} autres lignes refusées figurent dans la comparaison ci-dessous.")
    return redirect(f"{reverse('negociations:scenario_comparer', args=[demarche.slug])}?avant={pk}")


def _compte_rendu(reprise: actions.Reprise) -> str:
    n = reprise.changees
    change = {0: "La maquette n’a pas changé", 1: "Une ligne de la maquette a changé"}.get(
        n, f"{n} lignes de la maquette ont changé"
    )
    if not reprise.refusees:
        return f"{change}."
    return f"{change}. Lignes refusées, restées comme elles étaient : {len(reprise.refusees)}."


@page_demarche(PREPARER, "POST")
def fusionner(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """From the comparison: a third scenario, the ticked lines taken from the second."""
    codes = request.POST.get("avant", ""), request.POST.get("apres", "")
    avant, apres = (_designe(request, demarche, code) for code in codes)
    prises = [pk for v in request.POST.getlist("fiche") if (pk := identifiant(v)) is not None]
    try:
        fusion = actions.fusionner(
            avant, apres, prises, request.POST.get("nom", ""), acces.camp_de(request.user, demarche),
            par=request.user,
        )  # fmt: skip
    except ArbitrageRefuse as refus:
        return _page_comparaison(request, demarche, avant, apres, erreur=str(refus), status=422)
    messages.success(request, f"Le scénario « {fusion.nom} » est créé. Il n’est visible que de votre côté.")
    return redirect("negociations:scenario", slug=demarche.slug, pk=fusion.pk)


@page_demarche(VOIR)
def comparer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    avant = _designe(request, demarche, request.GET.get("avant", COURANT))
    apres = _designe(request, demarche, request.GET.get("apres", COURANT))
    return _page_comparaison(request, demarche, avant, apres)


def _page_comparaison(
    request: RequeteAgent, demarche: Demarche, avant: Scenario, apres: Scenario, *,
    erreur: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    avant.demarche = apres.demarche = demarche
    contexte = {
        "demarche": demarche,
        "comparee": comparer_scenarios(demarche, avant, apres),
        "choix": _sources(request, demarche),
        "codes": tuple(COURANT if s.est_courant else str(s.pk) for s in (avant, apres)),
        "peut": peut_sur(request.user, PREPARER, demarche),
        "erreur": erreur,
        "nom": request.POST.get("nom", ""),
        "prises": set(request.POST.getlist("fiche")),
    }
    return render(request, "negociations/scenarios/comparaison.html", contexte, status=status)


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def rechercher(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Asks for a proposal and keeps it as a scenario of one's own side: never applied by itself."""
    annees = annees_de(demarche, demarche.processus.dispositif)
    form = RechercheForm(request.POST if request.method == "POST" else None, annees=annees)
    if request.method == "POST" and form.is_valid():
        try:
            resultat = chercher([demarche], form.demande(), date.today())
            cherche = OBJECTIFS[form.cleaned_data["objectif"]][0].lower()
            (objet,) = garder(
                resultat, form.cleaned_data["nom"], par=request.user,
                camp=acces.camp_de(request.user, demarche), origine=f"Recherche : {cherche}",
            )  # fmt: skip
        except (OptimisationImpossible, ArbitrageRefuse) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"La proposition est gardée comme scénario. {resume(resultat)}")
            return redirect("negociations:scenario", slug=demarche.slug, pk=objet.pk)
    return render(
        request,
        "negociations/scenarios/recherche.html",
        {"demarche": demarche, "form": form},
        status=422 if form.errors else 200,
    )
