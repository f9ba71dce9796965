"""CSV, GeoJSON and Parquet from the same rows and the same dictionary."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.plateforme.documents.rendu.csv_liste import sans_formule

from .dictionnaire import Colonne


def cellule(valeur: Any) -> str:
    """As a program reads it: point for the decimals, ISO dates, no formula."""
    match valeur:
        case None:
            return ""
        case bool():
            return "true" if valeur else "false"
        case Decimal():
            return f"{valeur:f}"
        case date():
            return valeur.isoformat()
        case str():
            return sans_formule(valeur)
        case _:
            return str(valeur)


def en_csv(colonnes: Sequence[Colonne], lignes: Iterable[Any]) -> bytes:
    """UTF-8, commas, one header line."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, lineterminator="\r\n")
    ecrit.writerow(c.nom for c in colonnes)
    ecrit.writerows([cellule(getattr(x, c.nom)) for c in colonnes] for x in lignes)
    return sortie.getvalue().encode()


def _json(valeur: Any) -> Any:
    match valeur:
        case Decimal():
            return float(valeur)
        case date():
            return valeur.isoformat()
        case _:
            return valeur


def en_geojson(colonnes: Sequence[Colonne], lignes: Iterable[Any]) -> bytes:
    """One point a line; a line without a place has a null geometry."""
    objets = [
        {
            "type": "Feature",
            "geometry": None
            if x.longitude is None or x.latitude is None
            else {"type": "Point", "coordinates": [x.longitude, x.latitude]},
            "properties": {
                c.nom: _json(getattr(x, c.nom)) for c in colonnes if c.nom not in {"longitude", "latitude"}
            },
        }
        for x in lignes
    ]
    return json.dumps({"type": "FeatureCollection", "features": objets}, ensure_ascii=False).encode()


def en_parquet(colonnes: Sequence[Colonne], lignes: Iterable[Any]) -> bytes:
    """Typed columns: texts stay texts (a SIREN keeps its zeros), euros to the cent."""
    import polars as pl  # a quarter of a second: only for who asks

    genres: dict[str, Any] = {
        "texte": pl.String, "entier": pl.Int64, "decimal": pl.Decimal(14, 2), "date": pl.Date,
        "booleen": pl.Boolean,
    }  # fmt: skip
    flottants = {"longitude", "latitude"}
    forme = {c.nom: pl.Float64 if c.nom in flottants else genres[c.genre] for c in colonnes}
    rangees = [{c.nom: getattr(x, c.nom) for c in colonnes} for x in lignes]
    sortie = io.BytesIO()
    pl.DataFrame(rangees, schema=forme).write_parquet(sortie)
    return sortie.getvalue()
