"""Sums over places (EPCI, départements, régions, France) of columns held by commune: all places at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arpent.plateforme.observatoire.calcul import COUVERTURE_COMPLETE
from arpent.plateforme.observatoire.derivation import Colonne

PART_PRESENTE = 0.999
"""A place is summed only when the store holds the communes of this share of its population."""


@dataclass(frozen=True, slots=True)
class Groupes:
    """Places as slices of one long list of rows. No Python loop over the places."""

    cles: tuple[str, ...]
    rangs: NDArray[np.intp]
    debuts: NDArray[np.intp]

    @classmethod
    def depuis(cls, membres: Mapping[str, Sequence[int]]) -> "Groupes":
        pleins = {cle: rangs for cle, rangs in membres.items() if len(rangs)}
        tailles = np.array([len(r) for r in pleins.values()], dtype=np.intp)
        debuts = np.concatenate([[0], np.cumsum(tailles)[:-1]]) if len(tailles) else np.zeros(0)
        rangs = np.fromiter((r for liste in pleins.values() for r in liste), np.intp, int(tailles.sum()))
        return cls(tuple(pleins), rangs, debuts.astype(np.intp))

    def sommer(self, colonne: Colonne) -> Colonne:
        if not self.cles:
            return np.zeros(0)
        return np.asarray(np.add.reduceat(np.asarray(colonne)[self.rangs], self.debuts), dtype=float)

    def sommer_connus(self, colonne: Colonne, poids: Colonne) -> tuple[Colonne, Colonne]:
        """The sum of what is known, and the share of the weight (or else of the places) that it covers."""
        connus = ~np.isnan(colonne)
        total, couvert = self.sommer(poids), self.sommer(np.where(connus, poids, 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            part = self.sommer(connus.astype(float)) / self.sommer(np.ones_like(poids))
            couverture = np.where(total > 0, couvert / total, part)
        return self.sommer(np.where(connus, colonne, 0.0)), couverture

    def sommer_complets(self, colonne: Colonne, poids: Colonne) -> Colonne:
        somme, couverture = self.sommer_connus(colonne, poids)
        return np.where(couverture >= COUVERTURE_COMPLETE, somme, np.nan)


def places_entieres(
    codes: Sequence[str], population: Colonne, nationale: Mapping[str, tuple[float, Sequence[str]]]
) -> Groupes:
    """The places whose communes are (nearly) all in the store.

    `nationale`: each commune of France → its population and the places it belongs to.
    """
    attendue: dict[str, float] = {}
    for habitants, cles in nationale.values():
        for cle in cles:
            attendue[cle] = attendue.get(cle, 0.0) + habitants
    presents: dict[str, list[int]] = {}
    trouvee: dict[str, float] = {}
    for rang, code in enumerate(codes):
        habitants, cles = nationale.get(code, (0.0, ()))
        for cle in cles:
            presents.setdefault(cle, []).append(rang)
            trouvee[cle] = trouvee.get(cle, 0.0) + habitants
    entieres = {
        cle: rangs
        for cle, rangs in presents.items()
        if attendue[cle] > 0 and trouvee[cle] >= PART_PRESENTE * attendue[cle]
    }
    return Groupes.depuis(entieres)
