"""Outlines: members of each perimeter as published, and all the EPCI of the country, lighter."""

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from atelier import Atelier
from simplification import Anneau, Simplification, surface

DECIMALES_COMMUNES = 5
"""About one metre."""
DECIMALES_EPCI = 3
"""About a hundred metres: a map of the country."""
TOLERANCE_EPCI = 0.004
"""Degrees of latitude (about 450 m)."""
SURFACE_MINIMALE = 5e-4
"""Square degrees (about 4 km²): smaller islands and holes of an EPCI are left out, never its largest part."""

Entite = dict[str, Any]


def contours_des_communes(atelier: Atelier, dossier: str, communes: Iterable[str]) -> None:
    voulues = frozenset(communes)
    atelier.ecrire_geojson(
        "contours",
        f"{dossier}/contours",
        [_commune(e) for e in _lire(atelier, "communes_france.geojson.gz") if _code(e) in voulues],
    )


def contours_voisins(atelier: Atelier, communes: Iterable[str]) -> None:
    """The neighbours of Lozère, for the map's surroundings."""
    dedans = frozenset(communes)
    voisines = _lire(atelier, "communes_voisines_48.geojson")
    atelier.ecrire_geojson(
        "contours", "lozere/contours_voisins", [_commune(e) for e in voisines if _code(e) not in dedans]
    )


def contours_des_epci(atelier: Atelier) -> None:
    lus = [
        (e["properties"], list(_polygones(e["geometry"]))) for e in _lire(atelier, "epci_france.geojson.gz")
    ]
    tous = (anneau for _, polygones in lus for polygone in polygones for anneau in polygone)
    simplification = Simplification(tous, TOLERANCE_EPCI)
    atelier.ecrire_geojson(
        "contours_epci",
        "france/contours_epci",
        [_epci(proprietes, polygones, simplification) for proprietes, polygones in lus],
    )


def _lire(atelier: Atelier, nom: str) -> list[Entite]:
    octets = (atelier.source / "geo" / nom).read_bytes()
    entites: list[Entite] = json.loads(gzip.decompress(octets) if nom.endswith(".gz") else octets)["features"]
    return entites


def _code(entite: Entite) -> str:
    return str(entite["properties"]["code"])


def _commune(entite: Entite) -> Entite:
    geometrie, proprietes = entite["geometry"], entite["properties"]
    return _entite(
        proprietes["code"],
        proprietes["nom"],
        {"type": geometrie["type"], "coordinates": _arrondir(geometrie["coordinates"])},
    )


def _arrondir(valeur: Any) -> Any:
    if isinstance(valeur, list):
        return [_arrondir(v) for v in valeur]
    return round(float(valeur), DECIMALES_COMMUNES)


def _polygones(geometrie: Entite) -> Iterator[list[Anneau]]:
    """Rounded rings, a polygon at a time; a point is not repeated, a ring that collapses is dropped."""
    seul = geometrie["type"] == "Polygon"
    for polygone in [geometrie["coordinates"]] if seul else geometrie["coordinates"]:
        anneaux = [_anneau(anneau) for anneau in polygone]
        if len(anneaux[0]) >= 4:
            yield [anneau for anneau in anneaux if len(anneau) >= 4]


def _anneau(anneau: list[list[float]]) -> Anneau:
    points = [(round(x, DECIMALES_EPCI), round(y, DECIMALES_EPCI)) for x, y in anneau]
    return [p for rang, p in enumerate(points) if rang == 0 or p != points[rang - 1]]


def _epci(proprietes: Entite, polygones: list[list[Anneau]], simplification: Simplification) -> Entite:
    plus_grand = max(polygones, key=lambda p: surface(p[0]))
    gardes = []
    for polygone in polygones:
        simples = [simplification.anneau(anneau) for anneau in polygone]
        if polygone is plus_grand and not simples[0]:
            simples[0] = polygone[0]
        if polygone is plus_grand or surface(simples[0]) >= SURFACE_MINIMALE:
            gardes.append([simples[0], *(t for t in simples[1:] if surface(t) >= SURFACE_MINIMALE)])
    seul = len(gardes) == 1
    geometrie: dict[str, object] = {"type": "Polygon", "coordinates": gardes[0]}
    if not seul:
        geometrie = {"type": "MultiPolygon", "coordinates": gardes}
    return _entite(proprietes["siren"], proprietes["nom"], geometrie)


def _entite(code: str, nom: str, geometrie: dict[str, object]) -> Entite:
    return {"type": "Feature", "properties": {"code": code, "nom": nom}, "geometry": geometrie}
