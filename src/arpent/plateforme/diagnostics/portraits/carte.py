"""The map of an indicator: the communes of the territory and their neighbours, or the EPCI around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q

from arpent.extraits import lecture as extraits
from arpent.plateforme.observatoire.catalogue import Indicateur, Publie
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.valeurs_epci import valeurs_epci
from arpent.plateforme.socle.graphiques.cartes import Lieu
from arpent.plateforme.territoires.models import Adjacence, Commune

from ..lecture import Lecture, epci_du_departement, noms_des_epci

Point = tuple[float, float]
LIEUX_MAX = 450
"""Above that many communes the map in the page would be too heavy: the EPCI are shown instead."""


@dataclass(frozen=True, slots=True)
class Fond:
    """What the maps of a perimeter share: names and outlines of its communes and of those around."""

    noms: Mapping[str, str]
    contours: Mapping[str, Mapping[str, Any]]
    voisines: frozenset[str]


def fond(communes: Sequence[str]) -> Fond:
    """Two queries."""
    bords = Adjacence.objects.filter(Q(commune_a__in=communes) ^ Q(commune_b__in=communes))
    dehors = {c for paire in bords.values_list("commune_a", "commune_b") for c in paire} - set(communes)
    lues = Commune.objects.filter(pk__in=[*communes, *dehors]).order_by("pk")
    lieux = list(lues.values_list("code", "nom", "contour__geometrie"))
    return Fond(
        {code: nom for code, nom, _ in lieux},
        {code: trace for code, _, trace in lieux if trace is not None},
        frozenset(dehors),
    )


def par_commune(magasin: Magasin, quoi: Indicateur, communes: Sequence[str]) -> dict[str, float | None]:
    """The indicator in each commune: recomputed, or published for it; None when it is not known there."""
    regle = quoi.calcul
    if isinstance(regle, Publie):
        nom = getattr(regle, "communes", None) or regle.colonne
        return {code: magasin.communes.valeur(code, nom) for code in communes}
    if regle.niveau == "epci":
        return dict.fromkeys(communes)
    return {code: magasin.valeurs([code], [], quoi.code).valeur for code in communes}


def lieux_des_communes(magasin: Magasin, quoi: Indicateur, communes: Sequence[str], ici: Fond) -> list[Lieu]:
    """Empty when no commune of the territory has a value: the map of the EPCI says more."""
    voisines = sorted(c for c in ici.voisines if c in ici.contours)
    valeurs = par_commune(magasin, quoi, [*communes, *voisines])
    if len(communes) > LIEUX_MAX or all(valeurs[c] is None for c in communes):
        return []
    membres = [c for c in communes if c in ici.contours]
    return [
        *(Lieu(c, ici.noms.get(c, c), ici.contours[c], valeurs[c]) for c in membres),
        *(Lieu(c, ici.noms.get(c, c), ici.contours[c], valeurs[c], voisin=True) for c in voisines),
    ]


def lieux_des_epci(lecture: Lecture, quoi: Indicateur) -> list[Lieu]:
    """The EPCI of the département and those of the territory, which are edged. No query."""
    traces = contours_des_epci()
    noms, ou = noms_des_epci(), valeurs_epci(lecture.magasin)
    sirens = dict.fromkeys([*epci_du_departement(lecture.departement), *lecture.perimetre.epci])
    return [
        Lieu(s, noms.get(s, s), traces[s], ou.valeur(s, quoi), choisi=s in lecture.perimetre.epci)
        for s in sirens
        if s in traces
    ]


def bord(traces: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The edge of a set of outlines that tile: what no other one shares, chained into rings."""
    cotes: dict[tuple[Point, Point], None] = {}
    for trace in traces:
        for polygone in [trace["coordinates"]] if trace["type"] == "Polygon" else trace["coordinates"]:
            for anneau in polygone:
                points = [(p[0], p[1]) for p in anneau]
                for a, b in pairwise(points):
                    if (b, a) in cotes:
                        del cotes[b, a]
                    elif a != b:
                        cotes[a, b] = None
    suites: dict[Point, list[Point]] = {}
    for a, b in cotes:
        suites.setdefault(a, []).append(b)
    anneaux = []
    while suites:
        depart = ici = next(iter(suites))
        anneau = [depart]
        while (vers := suites.get(ici)) is not None:
            suivant = vers.pop()
            if not vers:
                del suites[ici]
            anneau.append(suivant)
            ici = suivant
            if ici == depart:
                break
        anneaux.append([anneau])
    return {"type": "MultiPolygon", "coordinates": anneaux}


_contours: dict[str, Mapping[str, Any]] = {}


def contours_des_epci() -> Mapping[str, Mapping[str, Any]]:
    """Simplified outlines by SIREN, read once from the extract; empty when it is not installed."""
    if not _contours and extraits.existe("france/contours_epci"):
        for entite in extraits.entites("france/contours_epci"):
            _contours[str(entite["properties"]["code"])] = entite["geometry"]
    return _contours
