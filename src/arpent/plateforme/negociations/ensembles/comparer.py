"""Pages that put an ensemble beside another one or beside the maquettes, and take a part of it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import slugify
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.soumission import rejouable

from ..actions import ArbitrageRefuse
from ..droits import ARBITRER
from ..fichiers import XLSX
from ..models import EnsembleScenarios, Scenario
from ..scenarios import actions as scenarios
from ..scenarios.acces import PREPARER
from ..scenarios.lecture import COURANT
from . import actions, fichiers
from .acces import LIRE, page_ensembles, peut_ici, trouver
from .comparaison import Comparee, Cote, comparer, cote_courant, cote_de
from .lecture import sources

LIGNES_PAR_PAGE = 100


def _connus(dispositif: Dispositif) -> dict[str, EnsembleScenarios]:
    """Every ensemble by its number. One query."""
    return {str(e.pk): e for e in EnsembleScenarios.objects.filter(dispositif=dispositif).order_by("-pk")}


def _cotes(
    dispositif: Dispositif, avant: EnsembleScenarios | None, apres: EnsembleScenarios | None
) -> tuple[Cote, Cote]:
    """The démarches of an ensemble, even closed since, are read on the side of the maquettes too."""
    lus = [cote_de(e) for e in (avant, apres) if e is not None]
    if avant is not None and apres is not None:
        return lus[0], lus[1]
    courant = cote_courant(dispositif, [d for cote in lus for d in cote.demarches])
    autre = lus[0] if lus else courant
    return (courant, autre) if avant is None else (autre, courant)


def _lire(request: RequeteAgent, dispositif: Dispositif, connus: Mapping[str, EnsembleScenarios]) -> Comparee:
    """What the address asks for. Http404 (French) for an ensemble that is not there."""
    avant, apres = _choisis(request.GET, connus)
    return comparer(*_cotes(dispositif, avant, apres), seul=request.GET.get("territoire", ""))


def _choisis(
    donnees: QueryDict, connus: Mapping[str, EnsembleScenarios]
) -> tuple[EnsembleScenarios | None, EnsembleScenarios | None]:
    """Both sides, None for the maquettes in progress. Http404 (French)."""
    codes = [donnees.get(nom) or COURANT for nom in ("avant", "apres")]
    if not set(codes) <= {COURANT, *connus}:
        raise Http404("Cet ensemble de scénarios n’existe pas, ou il a été supprimé.")
    return connus.get(codes[0]), connus.get(codes[1])


@page_ensembles(LIRE)
def comparaison(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Old and new value territory by territory, then line by line."""
    connus = _connus(dispositif)
    return _page(request, dispositif, connus, _lire(request, dispositif, connus))


def _page(
    request: RequeteAgent, dispositif: Dispositif, connus: Mapping[str, EnsembleScenarios],
    comparee: Comparee, *, erreur: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    reprend = comparee.avant.ensemble is None and comparee.apres.ensemble is not None
    contexte = {
        "dispositif": dispositif,
        "comparee": comparee,
        "feuille": Paginator(comparee.lignes, LIGNES_PAR_PAGE).get_page(request.GET.get("page")),
        "choix": sources(connus.values()),
        "requete": request.GET.urlencode(),
        "a_reprendre": comparee.apres.ensemble
        if reprend and peut_ici(request.user, ARBITRER, dispositif)
        else None,
        "peut_fusionner": bool(comparee.changees and peut_ici(request.user, PREPARER, dispositif)),
        "erreur": erreur,
        "nom": request.POST.get("nom", ""),
        "prises": set(_prises(request)),
    }
    return render(request, "negociations/ensembles/comparaison.html", contexte, status=status)


def _prises(request: RequeteAgent) -> list[int]:
    return [pk for v in request.POST.getlist("prise") if (pk := identifiant(v)) is not None]


@page_ensembles(PREPARER, "POST")
def fusionner(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """From the comparison: a third ensemble, the ticked territories taken from the second."""
    connus = _connus(dispositif)
    avant, apres = _choisis(request.POST, connus)
    try:
        objet = actions.fusionner(
            dispositif, avant, apres, _prises(request), request.POST.get("nom", ""), par=request.user
        )
    except ArbitrageRefuse as refus:
        comparee = comparer(*_cotes(dispositif, avant, apres))
        return _page(request, dispositif, connus, comparee, erreur=str(refus), status=422)
    messages.success(request, f"L’ensemble « {objet.nom} » est créé. Les territoires ne le voient pas.")
    return redirect("negociations:ensemble", slug=dispositif.slug, pk=objet.pk)


def _fichier(contenu: bytes, comparee: Comparee, table: str, extension: str, genre: str) -> HttpResponse:
    nom = slugify(f"{table} {comparee.avant.nom} {comparee.apres.nom}")[:80] or table
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    return reponse


def _table(table: str) -> str:
    if table not in (fichiers.LIGNES, fichiers.TERRITOIRES):
        raise Http404("Ce tableau n’existe pas.")
    return table


@page_ensembles(LIRE)
def csv(request: RequeteAgent, dispositif: Dispositif, table: str) -> HttpResponse:
    table, comparee = _table(table), _lire(request, dispositif, _connus(dispositif))
    contenu = fichiers.en_csv(comparee, table)
    return _fichier(contenu, comparee, table, "csv", "text/csv; charset=utf-8")


@page_ensembles(LIRE)
def xlsx(request: RequeteAgent, dispositif: Dispositif, table: str) -> HttpResponse:
    table, comparee = _table(table), _lire(request, dispositif, _connus(dispositif))
    return _fichier(fichiers.en_xlsx(comparee, table, date.today()), comparee, table, "xlsx", XLSX)


def _part(objet: EnsembleScenarios, code: str) -> Scenario:
    pk = identifiant(code)
    part = None
    if pk is not None:
        part = (
            Scenario.objects.filter(ensemble=objet, pk=pk)
            .select_related(
                "demarche__territoire", "demarche__version_processus__processus__dispositif__autorite"
            )
            .first()
        )
    if part is None:
        raise Http404("Cette part de l’ensemble n’existe pas, ou elle a été supprimée.")
    return part


@page_ensembles(ARBITRER, "GET", "HEAD", "POST")
def reprendre(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """One territory at a time: what will change, then the report of what was done and refused."""
    objet = trouver(dispositif, pk)
    code = (request.POST if request.method == "POST" else request.GET).get("part", "")
    if not code:
        messages.info(request, "Choisissez le territoire à reprendre.")
        return redirect(f"{reverse('negociations:ensemble_comparer', args=[dispositif.slug])}?apres={pk}")
    part = _part(objet, code)
    contexte: dict[str, Any] = {"dispositif": dispositif, "ensemble": objet, "part": part}
    if request.method != "POST":
        courant = Scenario.objects.filter(demarche=part.demarche, est_courant=True).first()
        avant = Cote(None, (part.demarche,), {} if courant is None else {part.demarche_id: courant})
        apres = Cote(objet, (part.demarche,), {part.demarche_id: part})
        contexte["comparee"] = comparer(avant, apres)
        return render(request, "negociations/ensembles/reprendre.html", contexte)
    try:
        contexte["reprise"] = scenarios.reprendre(part, par=request.user)
    except ArbitrageRefuse as refus:
        contexte["refus"] = str(refus)
        return render(request, "negociations/ensembles/reprise.html", contexte, status=409)
    return rejouable(render(request, "negociations/ensembles/reprise.html", contexte))
