"""The outlines a perimeter is drawn on: the EPCI of the authority's area, as GeoJSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.plateforme.territoires.perimetres import epci_au

from ..portraits.carte import contours_des_epci
from .ressort import Ressort


def geojson(ressort: Ressort, le: date) -> dict[str, Any]:
    """An EPCI without an outline is left out: the list still has it. One query."""
    traces = contours_des_epci()
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": e.siren, "nom": e.nom},
                "geometry": traces[e.siren],
            }
            for e in epci_au(le, ressort.departements)
            if e.siren in traces
        ],
    }
