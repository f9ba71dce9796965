"""Pages of the rounds: the sequence and the open points, the answer of the territory, the act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ..actions import ArbitrageRefuse
from ..droits import ARBITRER, VOIR
from ..models import Accord, Camp, Scenario
from ..scenarios import acces
from ..sorties import scenario_ou_vierge
from . import actions
from .forms import ActeForm, EnvoiForm
from .lecture import lire, mouvements_de
from .reponse import MotifsManquants, contre_offrir, positions_de
from .reprise import reprendre_positions

ACCEPTER = "maquette.accepter"


def _acte_vierge(accord: Accord) -> ActeForm:
    lu = {"acte": accord.acte, "acte_le": accord.acte_le, "version_lue": accord.version}
    return ActeForm(initial=lu)


def _page(
    request: RequeteAgent, demarche: Demarche, form: ActeForm | None = None, status: int = 200
) -> HttpResponse:
    negociation = lire(demarche)
    accord = actions.accord_en_cours(demarche.pk)
    courant = scenario_ou_vierge(demarche)
    a_reprendre = bool(negociation.tours) and negociation.tours[0].tour.camp == Camp.TERRITOIRE
    contexte = {
        "demarche": demarche,
        "negociation": negociation,
        "accord": accord,
        "form": form or (_acte_vierge(accord) if accord else None),
        "peut_arbitrer": peut_sur(request.user, ARBITRER, demarche),
        "a_reprendre": a_reprendre and courant.etat == EtatScenario.TRAVAIL,
        "peut_repondre": courant.etat == EtatScenario.OFFERT and peut_sur(request.user, ACCEPTER, demarche),
    }
    return render(request, "negociations/tours/tours.html", contexte, status=status)


@page_demarche(VOIR)
def tours(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page(request, demarche)


def _scenario_du_territoire(request: RequeteAgent, demarche: Demarche, code: str) -> Scenario | None:
    """The scenario chosen for the answer, among those this agent may read; None: not chosen yet."""
    if not code:
        return None
    trouve = acces.trouver(request.user, demarche, code)
    if trouve is None:
        raise Http404("Ce scénario n’existe pas, ou n’est pas de votre côté.")
    return trouve


@page_demarche(ACCEPTER, "GET", "HEAD", "POST")
def contre_offre(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Choose a scenario, write the reason of each line that moves, send."""
    envoi = request.POST if request.method == "POST" else request.GET
    scenario = _scenario_du_territoire(request, demarche, envoi.get("scenario", ""))
    form = EnvoiForm(request.POST if request.method == "POST" else None)
    erreur, manquants = "", set[int]()
    if request.method == "POST" and scenario is not None and form.is_valid():
        try:
            tour = contre_offrir(
                scenario_ou_vierge(demarche), scenario, _motifs(request), par=request.user,
                message=form.cleaned_data["message"], repondre_avant=form.cleaned_data["repondre_avant"],
            )  # fmt: skip
        except (ArbitrageRefuse, TransitionRefusee) as refus:
            erreur = str(refus)
            manquants = set(refus.fiches) if isinstance(refus, MotifsManquants) else set()
        else:
            messages.success(request, f"{tour} est envoyée. La main revient à {demarche.autorite.nom}.")
            return redirect("negociations:tours", slug=demarche.slug)
    elif request.method == "POST" and scenario is None:
        erreur = "Choisissez le scénario qui dit ce que vous demandez."
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "scenario": scenario,
        "choix": list(acces.visibles(request.user, demarche).order_by("-pk").values_list("pk", "nom")),
        "lignes": _lignes(request, demarche, scenario, manquants),
        "form": form,
        "erreur": erreur,
    }
    refuse = bool(erreur) or (form.is_bound and not form.is_valid())
    return render(request, "negociations/tours/contre_offre.html", contexte, status=422 if refuse else 200)


def _motifs(request: RequeteAgent) -> dict[int, str]:
    motifs = {}
    for nom, valeur in request.POST.items():
        debut, _, numero = nom.partition("-")
        if debut == "motif" and (pk := identifiant(numero)) is not None:
            motifs[pk] = str(valeur)[: actions.MOTIF_MAX]
    return motifs


def _lignes(
    request: RequeteAgent, demarche: Demarche, scenario: Scenario | None, manquants: set[int]
) -> list[dict[str, Any]]:
    """The lines that would move, with the reason typed so far."""
    offre = actions.dernier_tour(demarche.pk, Camp.AUTORITE)
    if scenario is None or offre is None:
        return []
    toutes, _ = positions_de(offre, scenario)
    dits = _motifs(request) if request.method == "POST" else {x.fiche_id: x.motif for x in toutes}
    return [
        {"m": m, "motif": dits.get(m.fiche.pk, ""), "manque": m.fiche.pk in manquants}
        for m in mouvements_de(demarche, actions.lignes_du_tour(offre), toutes)
    ]


@page_demarche(ARBITRER, "POST")
def reprendre(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Takes the ticked lines of the counter-offer into the maquette."""
    retour = redirect("negociations:tours", slug=demarche.slug)
    choisies = [pk for v in request.POST.getlist("fiche") if (pk := identifiant(v)) is not None]
    if not choisies:
        messages.error(request, "Cochez au moins une ligne à reprendre.")
        return retour
    try:
        fait = reprendre_positions(demarche, choisies, par=request.user)
    except ArbitrageRefuse as refus:
        messages.error(request, str(refus))
        return retour
    n = len(fait.reprises)
    messages.success(request, f"{n} ligne{'s' if n > 1 else ''} de la contre-offre dans la maquette.")
    for fiche, raison in fait.refusees[:10]:
        messages.warning(request, f"{fiche.numero}. {fiche.titre} : {raison}")
    return retour


@page_demarche(ARBITRER, "POST")
def acte(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    accord = actions.accord_en_cours(demarche.pk)
    if accord is None:
        messages.error(request, "Aucun accord n’est en cours : l’acte se note une fois l’offre acceptée.")
        return redirect("negociations:tours", slug=demarche.slug)
    form = ActeForm(request.POST)
    if not form.is_valid():
        return _page(request, demarche, form, status=422)
    lu = form.cleaned_data
    retour = reverse("negociations:tours", args=[demarche.slug])
    try:
        actions.noter_acte(accord, lu["acte"], lu["acte_le"], version_lue=lu["version_lue"], par=request.user)
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="Accord sur les crédits affectés", retour=retour)
    messages.success(request, "L’acte de l’accord est noté.")
    return redirect(retour)
