"""The map and the bars: each titled by its finding, each with its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from arpent.metier.argent import arrondir
from arpent.metier.scenarios.equite import Axe, ecrire_euros
from arpent.plateforme.diagnostics.portraits.carte import contours_des_epci
from arpent.plateforme.socle.graphiques.barres import Barre, barres_horizontales
from arpent.plateforme.socle.graphiques.base import Figure, Nombre
from arpent.plateforme.socle.graphiques.cartes import Lieu, choroplethe
from arpent.plateforme.territoires.models import Contour

from .lecture import Section
from .lieux import Lieux

LIEUX_MAX = 600
"""Above this number of communes a map in the page is too heavy: the table says the same."""


def euros(x: Nombre) -> str:
    return ecrire_euros(arrondir(Decimal(str(x))))


def carte(section: Section, lieux: Lieux) -> Figure | None:
    """Communes or territories in five shades of euros per inhabitant; None without outlines. One query."""
    traces = _traces(section, lieux)
    places = [
        Lieu(g.cle, g.libelle, traces[g.cle], g.par_habitant)
        for g in section.regroupement.groupes
        if g.cle in traces
    ]
    if not places:
        return None
    nom = section.colonne
    return choroplethe(
        section.constat, places, ecrire=euros, libelle_valeur="Euros par habitant", libelle_nom=nom
    )


def barres(section: Section) -> Figure | None:
    """One bar a group, beside what it was, else beside the mean. None when there is nothing to compare."""
    if len(section.regroupement.connus) < 2 or not section.regroupement.total:
        return None
    haut, moyenne = section.regroupement.plus_favorise, section.regroupement.moyenne
    avant = {x.groupe.cle: x.avant.par_habitant for x in section.lignes if x.avant}
    repere_commun = moyenne if section.avant is None and section.axe is not Axe.THEME else None
    dessinees = [
        Barre(g.libelle, g.par_habitant, accent=g == haut, repere=avant.get(g.cle, repere_commun))
        for g in section.regroupement.groupes
        if g.par_habitant is not None
    ]
    return barres_horizontales(
        section.constat, dessinees, ecrire=euros, libelle_valeur="Euros par habitant",
        libelle_repere="Avant" if section.avant else "Moyenne", libelle_nom=section.colonne,
    )  # fmt: skip


def _traces(section: Section, lieux: Lieux) -> Mapping[str, Mapping[str, Any]]:
    """Outlines by key: those of the communes, or the EPCI of each territory together."""
    if section.axe is not Axe.TERRITOIRE:
        return lieux.contours
    connus = contours_des_epci()
    par_epci = {x.epci: x.territoire for x in lieux.communes}
    if set(par_epci) <= set(connus):
        return _unir((territoire, connus[siren]) for siren, territoire in par_epci.items())
    traces = _communes(lieux.codes)
    return _unir((x.territoire, traces[x.code]) for x in lieux.communes if x.code in traces)


def _communes(codes: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    if len(codes) > LIEUX_MAX:
        return {}
    return dict(Contour.objects.filter(commune__in=codes).values_list("commune_id", "geometrie"))


def _unir(morceaux: Iterable[tuple[str, Mapping[str, Any]]]) -> Mapping[str, Mapping[str, Any]]:
    """(key, geometry) pairs, the polygons of a key together."""
    polygones: dict[str, list[Any]] = {}
    for cle, geometrie in morceaux:
        simple = geometrie["type"] == "Polygon"
        polygones.setdefault(cle, []).extend(
            [geometrie["coordinates"]] if simple else geometrie["coordinates"]
        )
    return {cle: {"type": "MultiPolygon", "coordinates": tous} for cle, tous in polygones.items()}
