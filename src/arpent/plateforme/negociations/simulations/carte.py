"""The territories of a simulation on a map, shaded by the euros per inhabitant they would have."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.metier.argent import formater_euros
from arpent.plateforme.socle.graphiques.cartes import CLASSES, seuils
from arpent.plateforme.territoires.models import Appartenance, Contour
from arpent.plateforme.territoires.perimetres import appartenances_en_cours

from .lecture import Ligne, Simulation


def geojson(simulation: Simulation) -> dict[str, Any]:
    """One feature per territory, the outlines of its communes together. Two queries."""
    territoires = {x.demarche.territoire_id: x for x in simulation.lignes}
    membres = dict(
        Appartenance.objects.filter(
            appartenances_en_cours(date.today()), groupement__compositions__territoire__in=territoires
        )
        .order_by("commune_id", "groupement__compositions__territoire")
        .values_list("commune_id", "groupement__compositions__territoire")
    )
    polygones: dict[int, list[Any]] = {pk: [] for pk in territoires}
    for commune, geometrie in Contour.objects.filter(commune__in=membres).values_list(
        "commune_id", "geometrie"
    ):
        simple = geometrie["type"] == "Polygon"
        polygones[membres[commune]] += [geometrie["coordinates"]] if simple else geometrie["coordinates"]
    bornes = seuils([float(x.apres_habitant) for x in simulation.lignes if x.apres_habitant is not None])
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": polygones[pk]},
                "properties": _proprietes(x, bornes),
            }
            for pk, x in territoires.items()
            if polygones[pk]
        ],
    }


def _proprietes(ligne: Ligne, bornes: list[float]) -> dict[str, Any]:
    lu: dict[str, Any] = {"nom": ligne.demarche.territoire.nom, "detail": dit(ligne)}
    if (valeur := ligne.apres_habitant) is None:
        return lu | {"role": "voisin"}
    rang = next((i for i, borne in enumerate(bornes) if float(valeur) <= borne), 0)
    return lu | {"classe": round(rang * (CLASSES - 1) / max(len(bornes) - 1, 1))}


def dit(ligne: Ligne) -> str:
    """« 1 200 411 €, 76,07 € par habitant »."""
    par_habitant = ligne.apres_habitant
    suite = "habitants inconnus" if par_habitant is None else f"{formater_euros(par_habitant)} par habitant"
    return f"{formater_euros(ligne.apres, centimes=False)}, {suite}"
