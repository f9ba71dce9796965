"""What the lake holds, and what the known loaders still wait for. For commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arpent.extraits import lecture

from .lac import TableDuLac, tables

HORS_DE_FRANCE = ("975", "977", "978", "98")
"""Codes of the overseas collectivities, outside the départements."""


def etat_du_lac(donnees: Path) -> dict[str, Any]:
    """`tables`: each table with its provenance and coverage; `jeux_manquants`: known files not loaded yet."""
    chargees = list(tables(donnees))
    presents = {t.provenance.jeu for t in chargees}
    populations = _populations()
    return {
        "tables": [_fiche(t, populations) for t in chargees],
        "jeux_manquants": [jeu for jeu in jeux_connus() if jeu["jeu"] not in presents],
    }


def jeux_connus() -> list[dict[str, str]]:
    from .chargeurs.registre import CHARGEURS

    champs = ("jeu", "titre", "producteur", "licence", "adresse")
    uniques = {c.jeu: {champ: str(getattr(c, champ)) for champ in champs} for c in CHARGEURS}
    return sorted(uniques.values(), key=lambda jeu: jeu["titre"])


def _fiche(table: TableDuLac, populations: dict[str, float]) -> dict[str, Any]:
    p = table.provenance
    rapport = {c: p.rapport.get(c) for c in ("lues", "gardees", "rejetees", "cellules_secretes")}
    return {
        "jeu": p.jeu, "titre": p.titre, "millesime": p.millesime, "niveau": p.niveau,
        "geographie": p.geographie, "lignes": p.lignes, "variables": len(p.colonnes) - 1,
        "producteur": p.producteur,
        "licence": p.licence, "adresse": p.adresse, "fichier": p.fichier, "sha256": p.sha256,
        "charge_le": p.charge_le, "couverture": _couverture(table, populations), "rapport": rapport,
    }  # fmt: skip


def _couverture(table: TableDuLac, populations: dict[str, float]) -> dict[str, float] | None:
    """Share of the communes and of the inhabitants of France that the table has a row for."""
    if table.provenance.niveau not in ("communes", "membres", "contours_communes") or not populations:
        return None
    connues = set(table.lire(["code"])["code"].to_list()) & set(populations)
    return {
        "communes": len(connues) / len(populations),
        "population": sum(populations[c] for c in connues) / sum(populations.values()),
    }


def _populations() -> dict[str, float]:
    """Communes of France (départements only) to their inhabitants."""
    if not lecture.existe("france/communes"):
        return {}
    lues = {
        x["code_insee"]: lecture.nombre(x["population_municipale_2023"])
        for x in lecture.lignes("france/communes")
    }
    return {
        code: nombre
        for code, nombre in lues.items()
        if nombre == nombre and not code.startswith(HORS_DE_FRANCE)
    }
