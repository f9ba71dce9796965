"""The map of a territory: GeoJSON for the screen, SVG for paper. Same places, same shades."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from arpent.metier.argent import formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.graphiques.base import Figure
from arpent.plateforme.socle.graphiques.cartes import Lieu, choroplethe, seuils
from arpent.plateforme.territoires.models import Adjacence, Appartenance, Commune, Contour
from arpent.plateforme.territoires.perimetres import membres

CLASSES = 5
DUREE_CACHE = 24 * 3600


def _habitants(population: int | None) -> str:
    return "population inconnue" if population is None else f"{formater_nombre(population)}\u00a0habitants"


def empreinte(demarche: Demarche, le: date) -> str:
    """Changes when a member, its population or its name changes. One query."""
    lignes = membres(demarche.territoire, le).values_list(
        "commune_id", "commune__nom", "commune__population", "groupement_id"
    )
    return hashlib.sha256(json.dumps(list(lignes)).encode()).hexdigest()[:32]


def geojson(demarche: Demarche, le: date, etag: str) -> bytes:
    """The communes in five shades of population, their neighbours in grey. Kept in memory by `etag`."""
    cle = f"contours:{etag}"
    if (connu := cache.get(cle)) is not None:
        return bytes(connu)
    appartenances = list(membres(demarche.territoire, le))
    codes = [a.commune_id for a in appartenances]
    voisines = _voisines(codes)
    contours = _contours([*codes, *voisines])
    features = [
        _membre(a, contours, _bornes(appartenances)) for a in appartenances if a.commune_id in contours
    ]
    features += [_voisine(c, contours) for c in voisines.values() if c.code in contours]
    corps = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    cache.set(cle, corps, DUREE_CACHE)
    return corps


def _contours(codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    return dict(Contour.objects.filter(commune_id__in=codes).values_list("commune_id", "geometrie"))


def _voisines(codes: Sequence[str]) -> dict[str, Commune]:
    """Communes outside that share a border with a member."""
    bords = Adjacence.objects.filter(Q(commune_a__in=codes) ^ Q(commune_b__in=codes))
    dehors = {c for a in bords for c in (a.commune_a_id, a.commune_b_id)} - set(codes)
    return Commune.objects.in_bulk(dehors)


def _bornes(appartenances: Sequence[Appartenance]) -> list[float]:
    return seuils([float(a.commune.population) for a in appartenances if a.commune.population is not None])


def _classe(population: int | None, bornes: Sequence[float]) -> int | None:
    if population is None or not bornes:
        return None
    rang = next(i for i, borne in enumerate(bornes) if population <= borne)
    return round(rang * (CLASSES - 1) / max(len(bornes) - 1, 1)) if len(bornes) > 1 else 2


def _feature(contour: Mapping[str, Any], **proprietes: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": contour, "properties": proprietes}


def _membre(a: Appartenance, contours: Mapping[str, Any], bornes: Sequence[float]) -> dict[str, Any]:
    return _feature(
        contours[a.commune_id],
        nom=a.commune.nom,
        detail=f"{_habitants(a.commune.population)} · {a.groupement.nom}",
        role="membre",
        classe=_classe(a.commune.population, bornes),
    )


def _voisine(commune: Commune, contours: Mapping[str, Any]) -> dict[str, Any]:
    return _feature(contours[commune.code], nom=commune.nom, detail="hors du territoire", role="voisin")


def figure(demarche: Demarche, le: date) -> Figure | None:
    """The same map drawn for print; None when no contour is loaded."""
    appartenances = list(membres(demarche.territoire, le))
    contours = _contours([a.commune_id for a in appartenances])
    lieux = [
        Lieu(a.commune_id, a.commune.nom, contours[a.commune_id], a.commune.population)
        for a in appartenances
        if a.commune_id in contours
    ]
    if not lieux:
        return None
    titre = f"{demarche.territoire.nom} : population des {len(lieux)} communes"
    return choroplethe(titre, lieux, libelle_valeur="Habitants")
