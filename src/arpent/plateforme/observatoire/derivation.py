"""Columns computed from published ones, before any sum.

The carriers publish most census shares as percentages; multiplying a share by its own base gives back the
head count (to the rounding of the published percentage), so that any group of communes is recomputed from
head counts and never averaged. Missing stays missing (NaN), secret stays secret.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Colonne = NDArray[np.float64]

SECRET = "__secret"
"""Suffix of the companion columns: 1 where the cell is secret."""


def deriver(
    colonnes: Mapping[str, Colonne],
    recettes: Mapping[str, Mapping[str, Any]],
    officielles: Mapping[str, Colonne] | None = None,
) -> dict[str, Colonne]:
    """All the columns plus the derived ones, in the order of the recipes.

    A recipe whose inputs are not loaded (accounts outside Lozère…) is left out. `officielles`: the same
    column read from an official file, which wins wherever it is known.
    """
    resultat = dict(colonnes)
    for nom, recette in recettes.items():
        (genre, source), base = _lire(nom, recette), str(recette["base"])
        officielle = (officielles or {}).get(nom)
        if base not in resultat or (genre != "multiple" and source not in resultat):
            if officielle is not None:
                resultat[nom] = officielle
            continue
        calcul = _appliquer(genre, source, resultat[base], resultat)
        resultat[nom] = calcul if officielle is None else np.where(np.isnan(officielle), calcul, officielle)
        _porter_le_secret(resultat, nom, [base] if genre == "multiple" else [base, source])
    return resultat


def secret_de(colonnes: Mapping[str, Colonne], entrees: list[str]) -> Colonne | None:
    """1 where one of the inputs is secret; None when none of them ever is."""
    voiles = [colonnes[f"{e}{SECRET}"] for e in entrees if f"{e}{SECRET}" in colonnes]
    if not voiles:
        return None
    return np.where(np.any([v == 1.0 for v in voiles], axis=0), 1.0, np.nan)


def _porter_le_secret(colonnes: dict[str, Colonne], nom: str, entrees: list[str]) -> None:
    voile = secret_de(colonnes, entrees)
    if voile is not None:
        colonnes[f"{nom}{SECRET}"] = np.where(np.isnan(colonnes[nom]), voile, np.nan)


def _lire(nom: str, recette: Mapping[str, Any]) -> tuple[str, Any]:
    genres = [cle for cle in recette if cle != "base"]
    if len(genres) != 1:
        raise ValueError(f"Catalogue : la colonne dérivée « {nom} » doit avoir un seul genre de calcul.")
    return genres[0], recette[genres[0]]


def _appliquer(genre: str, source: Any, base: Colonne, colonnes: Mapping[str, Colonne]) -> Colonne:
    if genre == "multiple":
        return base * float(source)
    valeur = colonnes[source]
    match genre:
        case "part":
            return valeur * base / 100.0
        case "complement":
            return (100.0 - valeur) * base / 100.0
        case "produit":
            return valeur * base
        case "difference":
            return valeur - base
        case "moyenne":
            return (valeur + base) / 2.0
        case "quotient":
            # share published per 100: 65+ / index × 100 gives back the under-20 head count
            return np.where(base > 0, valeur * 100.0 / np.where(base > 0, base, 1.0), np.nan)
        case _:
            raise ValueError(f"Catalogue : genre de calcul inconnu « {genre} ».")
