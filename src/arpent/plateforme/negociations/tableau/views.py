"""The arbitration table: the page, rows sent as one types, the whole of it at once, what others changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.metier.cycles.scenario import DE_LA_MAQUETTE, EtatScenario
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.lot import Lot, lire_lot
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion

from .. import enveloppes, tableaux
from ..actions import ArbitrageRefuse, enregistrer_lignes
from ..credits_promis import avec_les_autres
from ..droits import ARBITRER, VOIR, gestes_ouverts
from ..forms import lire_ligne
from ..imputations import Ouverts, ouverts_de, ouverts_parmi
from ..models import PartEnveloppe, Proposition
from ..passerelle import (
    LigneArbitrage,
    annees_de,
    en_lice_de,
    fiches_a_arbitrer,
    lignes_de,
    maquette_des,
    maquette_legere,
)
from ..propositions import CHAMPS, HORS_FONDS, Demande
from ..scenarios.acces import PREPARER
from ..sorties import mentions_de
from ..tours.forms import EnvoiForm
from .acces import Table, en_cours, variante
from .lecture import choix_du_filtre, grouper, lire_filtre, rangees_de

Refus = Mapping[int, ArbitrageRefuse | ConflitDeVersion]
LIGNES_MAX = 2_000
"""Rows of one request; a paste is never that long."""


class _EnvoiRefuse(Exception):
    """Rolls back the whole table: nothing of it is saved."""


# --- the page -------------------------------------------------------------------------------------


def _commun(
    request: RequeteAgent,
    table: Table,
    lignes: list[LigneArbitrage],
    parts: list[PartEnveloppe],
    ouverts: Ouverts,
) -> dict[str, Any]:
    """What both pages print besides the rows. No query."""
    demarche, dispositif = table.demarche, table.scenario.demarche.processus.dispositif
    annees = annees_de(demarche, dispositif)
    return {
        "demarche": demarche,
        "dispositif": dispositif,
        "revision": table.scenario.revision,
        "modifiable": bool(table.avis),
        "decisions": tableaux.DECISIONS,
        "annees": f"{annees[0]} à {annees[-1]}",
        "bilan": tableaux.bilan_de(maquette_des(lignes, ouverts, dispositif)),
        "fonds": parts[0].fonds if parts else None,
        "choix_fonds": [(f.code, f.libelle) for f in ouverts.fonds] if ouverts.plusieurs else [],
        "peut_imputer": table.peut_imputer,
        "enveloppe_demonstration": any(p.demonstration for p in parts),
        "mentions": mentions_de(lignes, parts),
        "urls": {geste: table.url(geste) for geste in ("enregistrer", "lignes", "suite", "tableau")},
        "requete": request.GET.urlencode(),
        "projection": "projection" in request.GET,
    }


def _page(
    request: RequeteAgent,
    table: Table,
    envoi: Mapping[str, str] | None = None,
    refus: Refus | None = None,
    status: int = 200,
) -> HttpResponse:
    """The table, each refused row as it was sent with its reason."""
    parts = enveloppes.parts_de(table.demarche)
    ouverts = ouverts_parmi(parts, table.scenario.demarche.processus.dispositif)
    lignes = lignes_de(table.scenario, date.today(), ouverts=ouverts)
    filtre = lire_filtre(request.GET)
    gardees = tableaux.triees([x for x in lignes if filtre.garde(x)], request.GET.get("tri", ""))
    if refus:
        gardees += [x for x in lignes if x.fiche.pk in refus and not filtre.garde(x)]
    rangees = rangees_de(gardees, table.demarche.slug, ouverts)
    if envoi is not None:
        rangees = {pk: _apres_envoi(r, envoi, (refus or {}).get(int(pk))) for pk, r in rangees.items()}
    contexte = _commun(request, table, lignes, parts, ouverts) | {
        "groupes": grouper(gardees, rangees, filtre.grouper),
        "affichees": len(gardees),
        "total": len(lignes),
        "filtre": filtre,
        "choix": choix_du_filtre(lignes, filtre, avec_fonds=ouverts.plusieurs),
        "erreurs": len(refus or {}),
    }
    if not table.scenario.est_courant:
        contexte |= {"scenario": table.scenario, "raison": table.avis.raison}
        return render(request, "negociations/scenarios/tableau.html", contexte, status=status)
    agent, scenario, demarche = request.user, table.scenario, table.demarche
    contexte |= {
        "etat": DE_LA_MAQUETTE[EtatScenario(scenario.etat)],
        "est_accepte": scenario.etat == EtatScenario.ACCEPTE,
        "raison": "" if table.avis or not peut_sur(agent, ARBITRER, demarche) else table.avis.raison,
        "gestes": gestes_ouverts(agent, scenario, demarche) if scenario.pk else [],
        "envoi": EnvoiForm(),
    }
    return render(request, "negociations/maquette.html", contexte, status=status)


def _apres_envoi(
    rangee: tableaux.Rangee, envoi: Mapping[str, str], refus: ArbitrageRefuse | ConflitDeVersion | None
) -> tableaux.Rangee:
    if isinstance(refus, ConflitDeVersion):
        return tableaux.en_conflit(rangee, envoi, refus)
    if refus is not None:
        return tableaux.refusee(rangee, envoi, refus)
    return tableaux.telle_qu_envoyee(rangee, envoi)


# --- what is typed --------------------------------------------------------------------------------


def _envoi(request: HttpRequest) -> dict[str, str]:
    return {nom: str(valeur).replace("\x00", "") for nom, valeur in request.POST.items()}


def _fiches_envoyees(table: Table, envoi: Mapping[str, str]) -> list[Fiche]:
    """The fiches of the rows that were sent, among those up for arbitration. Two queries."""
    cles = [nom.removeprefix("lu-") for nom in envoi if nom.startswith("lu-")][:LIGNES_MAX]
    pks = [pk for cle in cles if (pk := identifiant(cle)) is not None]
    return fiches_a_arbitrer(table.scenario, pks)


def _enregistrer(
    request: RequeteAgent,
    table: Table,
    fiches: list[Fiche],
    envoi: Mapping[str, str],
    *,
    tout: bool,
    lot: Lot | None = None,
) -> tuple[int, dict[int, ArbitrageRefuse | ConflitDeVersion]]:
    """How many rows were asked for, and those refused; with `tout`, only the rows that were touched."""
    demandes: list[Demande] = []
    champs = CHAMPS if table.peut_imputer else HORS_FONDS
    refus: dict[int, ArbitrageRefuse | ConflitDeVersion] = {}
    for fiche in fiches:
        try:
            saisie = lire_ligne(envoi, fiche.pk)
        except ArbitrageRefuse as erreur:
            refus[fiche.pk] = erreur
            continue
        if saisie.est_touchee or not tout:
            demandes.append(Demande(fiche, saisie.voulu, saisie.version_lue, saisie.lu, champs))
    issues = enregistrer_lignes(table.scenario, demandes, par=request.user, lot=lot) if demandes else {}
    refus |= {pk: issue for pk, issue in issues.items() if not isinstance(issue, Proposition)}
    return len(demandes), refus


def _tout(request: RequeteAgent, table: Table) -> HttpResponse:
    """The whole table at once, without JavaScript: all the rows are saved, or none and each says why."""
    envoi = _envoi(request)
    refus: dict[int, ArbitrageRefuse | ConflitDeVersion] = {}
    try:
        with transaction.atomic():
            nombre, refus = _enregistrer(request, table, _fiches_envoyees(table, envoi), envoi, tout=True)
            if refus:
                raise _EnvoiRefuse
    except _EnvoiRefuse:
        return _page(request, table, envoi, refus, _code(refus))
    texte = {0: "Rien n’a changé.", 1: "Une ligne est enregistrée."}.get(
        nombre, f"{nombre} lignes sont enregistrées."
    )
    messages.success(request, texte)
    requete = request.GET.urlencode()
    return redirect(f"{table.url('tableau')}{'?' if requete else ''}{requete}")


def _code(refus: Refus) -> int:
    if not refus:
        return 200
    return 409 if any(isinstance(r, ConflitDeVersion) for r in refus.values()) else 422


def _lignes(request: RequeteAgent, table: Table) -> HttpResponse:
    """A cell, or a block pasted: each row is saved or says why not, and the totals follow.

    The number of queries depends on the rows sent, never on those of the table.
    """
    envoi = _envoi(request)
    fiches = _fiches_envoyees(table, envoi)
    if not fiches:
        raise Http404("Cette fiche n’est pas à l’arbitrage de ce territoire.")
    le, cles = date.today(), [f.pk for f in fiches]
    lot = lire_lot(Fiche.objects.filter(pk__in=cles), le)
    lot = avec_les_autres(lot, table.scenario, en_lice_de(table.scenario))
    _, refus = _enregistrer(request, table, fiches, envoi, tout=False, lot=lot)
    ouverts = ouverts_de(table.demarche, table.scenario.demarche.processus.dispositif)
    lignes = lignes_de(table.scenario, le, parmi=cles, lot=lot, ouverts=ouverts, fiches=fiches)
    rangees = rangees_de(lignes, table.demarche.slug, ouverts)
    rendues = [
        _apres_envoi(r, envoi, refus[int(pk)]) if int(pk) in refus else replace(r, etat="enregistree")
        for pk, r in rangees.items()
    ]
    return _fragment(request, table, rendues, ouverts, en_base=rangees, status=_code(refus))


def _fragment(
    request: HttpRequest,
    table: Table,
    rangees: list[tableaux.Rangee],
    ouverts: Ouverts,
    *,
    en_base: Mapping[str, tableaux.Rangee],
    revision: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """Rows that moved and the totals. `en_base`: what the database holds of each."""
    dispositif = table.scenario.demarche.processus.dispositif
    contexte = {
        "lignes": [(r, en_base[r.pk]) for r in rangees],
        "bilan": tableaux.bilan_de(maquette_legere(table.scenario, ouverts, dispositif)),
        "revision": revision,
        "refusees": sum(bool(r.erreur or r.conflit) for r in rangees),
    }
    return render(request, "negociations/_reponse.html", contexte, status=status)


def _suite(request: RequeteAgent, table: Table) -> HttpResponse:
    """What others changed since revision `depuis`; 204 when nothing did."""
    depuis = request.GET.get("depuis", "")
    if not (depuis.isascii() and depuis.isdigit() and len(depuis) < 10) or not table.scenario.pk:
        return HttpResponse(status=204)
    propositions = Proposition.objects.filter(scenario=table.scenario, revision__gt=int(depuis))
    changees = dict(propositions.order_by("pk").values_list("fiche_id", "revision"))
    if not changees:
        return HttpResponse(status=204)
    ouverts = ouverts_de(table.demarche, table.scenario.demarche.processus.dispositif)
    lignes = lignes_de(table.scenario, date.today(), parmi=list(changees), ouverts=ouverts)
    rangees = rangees_de(lignes, table.demarche.slug, ouverts)
    vues = [replace(r, etat="vue") for r in rangees.values()]
    return _fragment(request, table, vues, ouverts, en_base=rangees, revision=max(changees.values()))


# --- the maquette in progress ---------------------------------------------------------------------


@page_demarche(VOIR)
def maquette(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _page(request, en_cours(request, demarche))


@page_demarche(ARBITRER, "POST")
def enregistrer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _tout(request, en_cours(request, demarche, ouvrir=True))


@page_demarche(ARBITRER, "POST")
def lignes(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _lignes(request, en_cours(request, demarche, ouvrir=True))


@page_demarche(VOIR)
def suite(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _suite(request, en_cours(request, demarche))


# --- a scenario -----------------------------------------------------------------------------------


@page_demarche(VOIR)
def scenario_tableau(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _page(request, variante(request, demarche, pk))


@page_demarche(PREPARER, "POST")
def scenario_enregistrer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _tout(request, variante(request, demarche, pk, ecrire=True))


@page_demarche(PREPARER, "POST")
def scenario_lignes(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _lignes(request, variante(request, demarche, pk, ecrire=True))


@page_demarche(VOIR)
def scenario_suite(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    return _suite(request, variante(request, demarche, pk))
