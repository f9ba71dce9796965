"""Pages of the negotiation. Reading never opens a maquette; the first amount typed does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, EtatScenario
from arpent.metier.plan_financement import Maquette
from arpent.metier.repartition import RepartitionImpossible
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import actions, enveloppes, tableaux
from .actions import ArbitrageRefuse
from .droits import ARBITRER, VOIR, gestes_ouverts, peut_arbitrer
from .forms import DonneeForm, lire_ligne
from .models import Scenario
from .passerelle import LigneArbitrage, annees_de, lignes_de, maquette_des
from .sorties import mentions_de, scenario_ou_vierge
from .tours.forms import EnvoiForm


class _EnvoiRefuse(Exception):
    """Rolls back the whole table: nothing of it is saved."""


def _contexte(
    request: RequeteAgent,
    demarche: Demarche,
    scenario: Scenario,
    lignes: list[LigneArbitrage],
    rangees: list[tableaux.Rangee],
) -> dict[str, Any]:
    """What the whole page prints. One query (the envelope)."""
    dispositif = scenario.demarche.processus.dispositif
    parts = enveloppes.parts_de(demarche)
    maquette = maquette_des(lignes, enveloppes.montant_des(parts), dispositif)
    arbitrage = peut_arbitrer(request.user, scenario, demarche)
    annees = annees_de(demarche, dispositif)
    return {
        "demarche": demarche,
        "dispositif": dispositif,
        "etat": CYCLE_SCENARIO.libelle(scenario.etat),
        "est_accepte": scenario.etat == EtatScenario.ACCEPTE,
        "modifiable": bool(arbitrage),
        "raison": "" if arbitrage or not peut_sur(request.user, ARBITRER, demarche) else arbitrage.raison,
        "gestes": gestes_ouverts(request.user, scenario, demarche) if scenario.pk else [],
        "envoi": EnvoiForm(),
        "version_scenario": str(scenario.version),
        "rangees": rangees,
        "decisions": tableaux.DECISIONS,
        "annees": f"{annees[0]} à {annees[-1]}",
        "bilan": tableaux.bilan_de(lignes, maquette),
        "parts": enveloppes.parts_principales(parts),
        "fonds": parts[0].fonds if parts else None,
        "enveloppe_demonstration": any(p.demonstration for p in enveloppes.parts_principales(parts)),
        "mentions": mentions_de(lignes, parts),
        "erreurs": sum(1 for r in rangees if r.erreur or r.conflit),
    }


@page_demarche(VOIR)
def maquette(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    scenario = scenario_ou_vierge(demarche)
    lignes = lignes_de(scenario, date.today())
    rangees = tableaux.rangees_triees(lignes, demarche.slug, request.GET.get("tri", ""))
    return render(
        request, "negociations/maquette.html", _contexte(request, demarche, scenario, lignes, rangees)
    )


def _envoi(request: HttpRequest) -> dict[str, str]:
    return {nom: str(valeur).replace("\x00", "") for nom, valeur in request.POST.items()}


def _enregistrer_ligne(
    request: RequeteAgent, scenario: Scenario, fiche: Fiche, envoi: Mapping[str, str], *, tout: bool
) -> bool:
    """Saves one row; with `tout`, only if it was touched. True when something was asked for."""
    saisie = lire_ligne(envoi, fiche.pk)
    if tout and not saisie.est_touchee:
        return False
    actions.proposer(
        scenario,
        fiche,
        saisie.voulu.montant,
        saisie.voulu.annee,
        saisie.voulu.decision,
        saisie.motif,
        version_lue=saisie.version_lue,
        lu=saisie.lu,
        par=request.user,
    )
    return True


@page_demarche(ARBITRER, "POST")
def proposer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One row, sent by htmx as soon as a cell changes: answers the row's pieces and the totals."""
    fiche = Fiche.objects.filter(demarche=demarche, pk=pk).exclude(etat=EtatFiche.BROUILLON.value).first()
    if fiche is None:
        raise Http404("Cette fiche n’est pas à l’arbitrage de ce territoire.")
    envoi = _envoi(request)
    scenario = actions.scenario_courant(demarche, request.user)
    erreur: ArbitrageRefuse | None = None
    conflit: ConflitDeVersion | None = None
    try:
        _enregistrer_ligne(request, scenario, fiche, envoi, tout=False)
    except ArbitrageRefuse as refus:
        erreur = refus
    except ConflitDeVersion as autre:
        conflit = autre
    lignes = lignes_de(scenario, date.today())
    rangee = next(tableaux.rangee_de(x, demarche.slug) for x in lignes if x.fiche.pk == pk)
    if erreur:
        rangee = tableaux.refusee(rangee, envoi, erreur)
    elif conflit:
        rangee = tableaux.en_conflit(rangee, envoi, conflit)
    else:
        rangee = replace(rangee, enregistree=True)
    return render(
        request,
        "negociations/_reponse.html",
        {
            "r": rangee,
            "bilan": tableaux.bilan_de(lignes, _maquette(demarche, scenario, lignes)),
            "enregistree": rangee.enregistree,
        },
        status=409 if conflit else 422 if erreur else 200,
    )


def _maquette(demarche: Demarche, scenario: Scenario, lignes: list[LigneArbitrage]) -> Maquette:
    enveloppe = enveloppes.montant_des(enveloppes.parts_de(demarche))
    return maquette_des(lignes, enveloppe, scenario.demarche.processus.dispositif)


@page_demarche(ARBITRER, "POST")
def enregistrer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The whole table at once, without JavaScript: all the rows are saved, or none and each says why."""
    envoi = _envoi(request)
    scenario = actions.scenario_courant(demarche, request.user)
    fiches = Fiche.objects.filter(demarche=demarche).comptees().exclude(etat=EtatFiche.BROUILLON.value)
    refus: dict[int, ArbitrageRefuse | ConflitDeVersion] = {}
    nombre = 0
    try:
        with transaction.atomic():
            for fiche in fiches:
                if f"lu-{fiche.pk}" not in envoi:
                    continue
                try:
                    nombre += _enregistrer_ligne(request, scenario, fiche, envoi, tout=True)
                except (ArbitrageRefuse, ConflitDeVersion) as erreur:
                    refus[fiche.pk] = erreur
            if refus:
                raise _EnvoiRefuse
    except _EnvoiRefuse:
        return _page_refusee(request, demarche, scenario, envoi, refus)
    texte = {0: "Rien n’a changé.", 1: "Une ligne est enregistrée."}.get(
        nombre, f"{nombre} lignes sont enregistrées."
    )
    messages.success(request, texte)
    return redirect("negociations:maquette", slug=demarche.slug)


def _page_refusee(
    request: RequeteAgent,
    demarche: Demarche,
    scenario: Scenario,
    envoi: dict[str, str],
    refus: Mapping[int, ArbitrageRefuse | ConflitDeVersion],
) -> HttpResponse:
    """The table as it was sent, each refused row with its reason; 409 when one is a conflict, else 422."""
    lignes = lignes_de(scenario, date.today())
    rangees = []
    for x in lignes:
        rangee = tableaux.rangee_de(x, demarche.slug)
        erreur = refus.get(x.fiche.pk)
        if isinstance(erreur, ConflitDeVersion):
            rangee = tableaux.en_conflit(rangee, envoi, erreur)
        elif erreur is not None:
            rangee = tableaux.refusee(rangee, envoi, erreur)
        else:
            rangee = tableaux.telle_qu_envoyee(rangee, envoi)
        rangees.append(rangee)
    conflits = any(isinstance(erreur, ConflitDeVersion) for erreur in refus.values())
    contexte = _contexte(request, demarche, scenario, lignes, rangees)
    return render(request, "negociations/maquette.html", contexte, status=409 if conflits else 422)


@page_demarche(VOIR, "POST")
def geste(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Offer, accept, set aside, resume: the right is that of the gesture in the cycle."""
    nom = request.POST.get("geste", "")
    voulu = next((t for t in CYCLE_SCENARIO.transitions if t.geste == nom), None)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    if not (avis := peut_sur(request.user, voulu.droit, demarche)):
        raise PermissionDenied(avis.raison)
    scenario = actions.scenario_courant(demarche, request.user)
    envoi = EnvoiForm(request.POST)
    if not envoi.is_valid():
        messages.error(request, "L’offre n’est pas partie : écrivez la date de réponse comme 31/01/2027.")
        return redirect("negociations:maquette", slug=demarche.slug)
    try:
        scenario = actions.changer_etat(scenario, nom, par=request.user, **envoi.cleaned_data)
    except (ArbitrageRefuse, TransitionRefusee) as refus:
        messages.error(request, str(refus))
    else:
        messages.success(
            request, f"La maquette est maintenant : {CYCLE_SCENARIO.libelle(scenario.etat).lower()}."
        )
    return redirect("negociations:maquette", slug=demarche.slug)


# --- envelope -------------------------------------------------------------------------------------


def _formulaires(explications: list[enveloppes.Explication]) -> list[tuple[enveloppes.Critere, DonneeForm]]:
    """One small form per criterion that is typed in, filled with the territory's value."""
    a_saisir = {
        ligne.critere.code: ligne
        for explication in explications
        for ligne in explication.lignes
        if ligne.critere.origine == enveloppes.SAISIE
    }
    return [
        (
            ligne.critere,
            DonneeForm(
                auto_id=f"{code}-%s",
                initial={
                    "critere": code,
                    "version_lue": ligne.valeur.version,
                    "valeur": ligne.valeur.valeur,
                    "source": ligne.valeur.source,
                },
            ),
        )
        for code, ligne in a_saisir.items()
    ]


def _page_enveloppe(
    request: RequeteAgent, demarche: Demarche, invalide: DonneeForm | None = None, status: int = 200
) -> HttpResponse:
    dispositif = demarche.processus.dispositif
    parts = enveloppes.parts_de(demarche)
    impossible = ""
    explications: list[enveloppes.Explication] = []
    try:
        explications = enveloppes.expliquer(demarche, dispositif)
    except RepartitionImpossible as erreur:
        impossible = str(erreur)
    formulaires = _formulaires(explications) if peut_sur(request.user, ARBITRER, demarche) else []
    if invalide is not None:
        recu = invalide.data.get("critere")
        formulaires = [(c, invalide if c.code == recu else f) for c, f in formulaires]
    montant = enveloppes.montant_des(parts)
    return render(
        request,
        "negociations/enveloppe.html",
        {
            "demarche": demarche,
            "dispositif": dispositif,
            "enveloppe": montant,
            "enveloppe_ecrite": formater_euros(montant),
            "explications": explications,
            "impossible": impossible,
            "formulaires": formulaires,
            "nomme_les_autres": bool(peut_sur(request.user, ARBITRER, demarche)),
        },
        status=status,
    )


@page_demarche(VOIR)
def enveloppe(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page_enveloppe(request, demarche)


@page_demarche(ARBITRER, "POST")
def donnee(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The value of one criterion for this territory; every envelope of the dispositif is shared again."""
    form = DonneeForm(request.POST, auto_id=f"{request.POST.get('critere', '')[:40]}-%s")
    if not form.is_valid():
        return _page_enveloppe(request, demarche, form, status=422)
    lu = form.cleaned_data
    retour = reverse("negociations:enveloppe", args=[demarche.slug])
    try:
        actions.saisir_donnee(
            demarche.territoire,
            demarche.processus.dispositif,
            lu["critere"],
            lu["valeur"],
            lu["source"],
            version_lue=lu["version_lue"],
            par=request.user,
        )
    except ConflitDeVersion as conflit:
        return page_conflit(request, conflit, titre="Valeur de répartition", retour=retour)
    except (ArbitrageRefuse, RepartitionImpossible) as refus:
        form.add_error(None, str(refus))
        return _page_enveloppe(request, demarche, form, status=422)
    messages.success(request, "La valeur est enregistrée et les enveloppes sont recalculées.")
    return redirect(retour)
