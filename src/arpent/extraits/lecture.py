"""Read the committed extracts: CSV (plain or gzip), GeoJSON, the manifest and the demo territories."""

import csv
import gzip
import io
import json
import math
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOSSIER = Path(__file__).parent
PERIMETRES = ("lozere", "nouvelle_aquitaine")
"""Folders that hold commune tables; `france` holds the comparison tables."""

Ligne = dict[str, str]

COLONNES_DE_TEXTE = frozenset(
    {
        "code", "code_insee", "epci_siren", "echelon", "nom", "commune", "libelle", "departement", "regdep",
        "type_epci", "methode", "statut", "geographie", "ecosi_nafdom1_lib_26", "ecosi_nafdom2_lib_26",
    }
)  # fmt: skip
"""Columns that hold codes or labels in the tables read as numbers."""


class ExtraitAbsent(Exception):
    """A committed extract is not where it should be."""

    def __init__(self, nom: str) -> None:
        super().__init__(
            f"Le fichier de données « {nom} » manque dans cette installation. Réinstallez Arpent, "
            "ou refaites les extraits avec « python outils/extraire.py DOSSIER »."
        )


def trouver(nom: str) -> Path:
    """The file of an extract named without its ending: `lozere/communes`. Missing: ExtraitAbsent."""
    for fin in (".csv", ".csv.gz", ".geojson", ".geojson.gz"):
        chemin = DOSSIER / f"{nom}{fin}"
        if chemin.exists():
            return chemin
    raise ExtraitAbsent(nom)


def existe(nom: str) -> bool:
    try:
        trouver(nom)
    except ExtraitAbsent:
        return False
    return True


def nombre(texte: str | None) -> float:
    """A cell as a number; anything that is not one (empty, secret, text) is missing (NaN), never 0."""
    if not texte:
        return math.nan
    try:
        return float(texte)
    except ValueError:
        return math.nan


def ligne_numerique(ligne: Ligne) -> dict[str, float]:
    """The cells of a row that are numbers or empty; codes and labels are left out."""
    return {nom: nombre(v) for nom, v in ligne.items() if nom not in COLONNES_DE_TEXTE}


def ouvrir_texte(chemin: Path) -> io.TextIOBase:
    if chemin.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(chemin), encoding="utf-8", newline="")
    return chemin.open(encoding="utf-8", newline="")


def lire_csv(chemins: Iterable[Path]) -> Iterator[Ligne]:
    """The rows of several files of the same table, one after the other."""
    for chemin in chemins:
        with ouvrir_texte(chemin) as flux:
            yield from csv.DictReader(flux)


def lignes(nom: str) -> Iterator[Ligne]:
    """The rows of one extract: `lignes("lozere/communes")`."""
    return lire_csv([trouver(nom)])


def lignes_des_perimetres(table: str) -> Iterator[Ligne]:
    """The rows of a table in all the perimeters; a place present in two perimeters appears twice."""
    return lire_csv(trouver(f"{perimetre}/{table}") for perimetre in PERIMETRES)


def entites(nom: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON extract."""
    with ouvrir_texte(trouver(nom)) as flux:
        features: list[dict[str, Any]] = json.load(flux)["features"]
    return features


@cache
def manifeste() -> dict[str, Any]:
    """sources.yaml: licence, porteurs, tables (provenance, columns), fichiers (rows, bytes, sha256)."""
    return _yaml("sources.yaml")


@cache
def territoires() -> tuple[dict[str, Any], ...]:
    """The demo territories: slug, nom, departement, groupements, porteur, dispositif, source[, note]."""
    return tuple(_yaml("territoires.yaml")["territoires"])


def _yaml(nom: str) -> dict[str, Any]:
    contenu: dict[str, Any] = yaml.load((DOSSIER / nom).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return contenu
