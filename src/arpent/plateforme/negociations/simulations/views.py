"""Pages of the simulation: the form and its result, the map, the table as a file. All read only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from zlib import crc32

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from arpent.metier.repartition import Formule, RepartitionImpossible, lire_formule
from arpent.plateforme.documents.rendu.csv_liste import ecrire_csv
from arpent.plateforme.reglements.models import Dispositif, Fonds

from .acces import page_simulation
from .carte import geojson
from .forms import PREFIXE, SimulationForm
from .lecture import Donnees, Simulation, en_table, lire, simuler

COMPARE = "avec"
"""Address parameter: the trial to compare with, itself an address."""


@dataclass(frozen=True, slots=True)
class _Essai:
    """What the address asks for; `simulation` None: the form or the formula is wrong."""

    donnees: Donnees
    fonds: Fonds
    form: SimulationForm
    simulation: Simulation | None
    impossible: str
    reference: Formule | None = None


def _essai(request: HttpRequest, donnees: Donnees) -> _Essai | None:
    """None when no fund has an amount and a key, or no territory shares it."""
    if not donnees.fonds or not donnees.demarches:
        return None
    voulu = request.GET.get("fonds", "")
    fonds = next((f for f in donnees.fonds if f.code == voulu), donnees.fonds[0])
    form = SimulationForm(request.GET, criteres=donnees.criteres, formule=lire_formule(fonds.cle_repartition))
    if form.is_bound and not form.is_valid():
        return _Essai(donnees, fonds, form, None, "")
    reference = _reference(request.GET.get(COMPARE, ""), donnees, fonds)
    try:
        lue = simuler(donnees, fonds, form.essai, reference)
        return _Essai(donnees, fonds, form, lue, "", reference)
    except RepartitionImpossible as erreur:
        return _Essai(donnees, fonds, form, None, str(erreur), reference)


def _reference(requete: str, donnees: Donnees, fonds: Fonds) -> Formule | None:
    """Another trial to compare with, kept as its own address; None when there is none, or it says nothing."""
    form = SimulationForm(
        QueryDict(requete[:2_000]), criteres=donnees.criteres, formule=lire_formule(fonds.cle_repartition)
    )
    return form.essai if form.is_bound and form.is_valid() else None


def _sans_comparaison(request: HttpRequest) -> str:
    requete = request.GET.copy()
    requete.pop(COMPARE, None)
    return requete.urlencode()


def _simulation(request: HttpRequest, dispositif: Dispositif) -> tuple[Donnees, Simulation]:
    donnees = lire(dispositif)
    essai = _essai(request, donnees)
    if essai is None or essai.simulation is None:
        raise Http404("Cette simulation ne donne aucun partage : corrigez-la sur sa page.")
    return donnees, essai.simulation


@page_simulation
def simulation(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    """Five queries beside those of every page, however many territories."""
    donnees = lire(dispositif)
    essai = _essai(request, donnees)
    contexte = {
        "dispositif": dispositif,
        "donnees": donnees,
        "essai": essai,
        "simulation": essai.simulation if essai else None,
        "requete": request.GET.urlencode(),
        "comparer_a": request.GET.get(COMPARE, "")[:2_000] if essai and essai.reference else "",
        "sans_comparaison": _sans_comparaison(request),
        "cet_essai": urlencode({COMPARE: _sans_comparaison(request)}),
        "reference": essai.reference.en_mots({c.code: c.libelle for c in donnees.criteres})
        if essai and essai.reference
        else "",
        # Another id at each trial: htmx copies the inline style of the old map, which our policy refuses.
        "id_carte": f"carte-{crc32(request.GET.urlencode().encode()):x}",
        "reperes": [(f"100\u00a0% {c.libelle.lower()}", f"{PREFIXE}{c.code}=100") for c in donnees.criteres],
        "libelles": {c.code: c.libelle for c in donnees.criteres},
        "formule": essai.simulation.formule.en_mots({c.code: c.libelle for c in donnees.criteres})
        if essai and essai.simulation
        else "",
    }
    return render(request, "negociations/simulations/simulation.html", contexte)


@page_simulation
def carte(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    _, lue = _simulation(request, dispositif)
    return JsonResponse(geojson(lue), content_type="application/geo+json")


@page_simulation
def csv(request: HttpRequest, dispositif: Dispositif) -> HttpResponse:
    donnees, lue = _simulation(request, dispositif)
    reponse = HttpResponse(ecrire_csv(en_table(donnees, lue)), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = (
        f'attachment; filename="simulation-{dispositif.slug}-{lue.fonds.code}.csv"'
    )
    return reponse
