"""A table of floats on disk: one row per place, one contiguous column per measure, read memory-mapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arpent.plateforme.observatoire.derivation import Colonne


@dataclass(frozen=True, slots=True)
class Tableau:
    """`valeurs` has the shape (columns, rows); `rangs` and `colonnes` give the positions."""

    rangs: Mapping[str, int]
    colonnes: Mapping[str, int]
    valeurs: NDArray[np.float64]

    @classmethod
    def depuis(cls, codes: Sequence[str], colonnes: Mapping[str, Colonne]) -> "Tableau":
        noms = list(colonnes)
        valeurs = np.vstack([colonnes[nom] for nom in noms]) if noms else np.empty((0, len(codes)))
        return cls({c: i for i, c in enumerate(codes)}, {n: i for i, n in enumerate(noms)}, valeurs)

    def colonne(self, nom: str) -> Colonne | None:
        position = self.colonnes.get(nom)
        return None if position is None else self.valeurs[position]

    def extrait(self, nom: str, rangs: Sequence[int]) -> Colonne:
        """The column at the given rows (−1: unknown place, NaN); all NaN when there is no such column."""
        colonne = self.colonne(nom)
        if colonne is None:
            return np.full(len(rangs), np.nan)
        choix = np.asarray(rangs, dtype=np.intp)
        return np.where(choix >= 0, colonne[choix], np.nan)

    def rangs_de(self, codes: Sequence[str]) -> list[int]:
        return [self.rangs.get(code, -1) for code in codes]

    def valeur(self, code: str, nom: str) -> float | None:
        rang, position = self.rangs.get(code), self.colonnes.get(nom)
        if rang is None or position is None:
            return None
        valeur = float(self.valeurs[position, rang])
        return None if np.isnan(valeur) else valeur

    def ecrire(self, dossier: Path, nom: str) -> dict[str, Any]:
        """Write the matrix; the description to keep in the manifest is returned."""
        np.save(dossier / f"{nom}.npy", np.ascontiguousarray(self.valeurs))
        return {"fichier": f"{nom}.npy", "codes": list(self.rangs), "colonnes": list(self.colonnes)}

    @classmethod
    def lire(cls, dossier: Path, description: Mapping[str, Any]) -> "Tableau":
        valeurs = np.load(dossier / description["fichier"], mmap_mode="r")
        return cls(
            {c: i for i, c in enumerate(description["codes"])},
            {n: i for i, n in enumerate(description["colonnes"])},
            valeurs,
        )
