"""Two models on the same territories: who changes class, and how close the two rankings are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arpent.metier.vulnerabilite.modele import Classe, Modele
from arpent.metier.vulnerabilite.notation import Note, Notes

COMMUNS_MINIMUM = 3
"""Under this number of territories ranked by both models, a correlation says nothing."""


@dataclass(frozen=True, slots=True)
class Deplacement:
    """One territory seen by the two models. `saut`: ranks gained towards vulnerability (negative: lost)."""

    territoire: str
    avant: Note
    apres: Note

    @property
    def saut(self) -> int:
        return (self.avant.rang or 0) - (self.apres.rang or 0)


@dataclass(frozen=True, slots=True)
class Croisement:
    """`tableau[a][b]`: territories of class a in the first model and b in the second.

    `changent`: those whose class differs, the widest jumps first (empty when the classes are not as many).
    `correlation`: Spearman, 1 when both rank alike; None under three territories, or if all are equal.
    """

    avant: Modele
    apres: Modele
    tableau: tuple[tuple[int, ...], ...]
    communs: tuple[Deplacement, ...]
    changent: tuple[Deplacement, ...]
    correlation: float | None
    classes_comparables: bool

    @property
    def part_qui_change(self) -> float | None:
        if not self.classes_comparables or not self.communs:
            return None
        return len(self.changent) / len(self.communs)


def croiser(avant: Notes, apres: Notes) -> Croisement:
    """Compares the territories scored by both; the classes are matched by their place, not by their name."""
    autres = {n.territoire: n for n in apres.notes if n.score is not None}
    communs = tuple(
        Deplacement(n.territoire, n, autres[n.territoire])
        for n in avant.notes
        if n.score is not None and n.territoire in autres
    )
    lignes, colonnes = avant.modele.classes, apres.modele.classes
    tableau = [[0] * len(colonnes) for _ in lignes]
    for d in communs:
        tableau[_rang(d.avant, lignes)][_rang(d.apres, colonnes)] += 1
    comparables = len(lignes) == len(colonnes)
    changent = [d for d in communs if comparables and _rang(d.avant, lignes) != _rang(d.apres, colonnes)]
    return Croisement(
        avant=avant.modele,
        apres=apres.modele,
        tableau=tuple(tuple(ligne) for ligne in tableau),
        communs=communs,
        changent=tuple(sorted(changent, key=lambda d: (-abs(d.saut), d.territoire))),
        correlation=_spearman(communs),
        classes_comparables=comparables,
    )


def _rang(note: Note, classes: tuple[Classe, ...]) -> int:
    return 0 if note.classe is None else classes.index(note.classe)


def _spearman(communs: tuple[Deplacement, ...]) -> float | None:
    if len(communs) < COMMUNS_MINIMUM:
        return None
    x = _rangs_moyens([d.avant.rang or 0 for d in communs])
    y = _rangs_moyens([d.apres.rang or 0 for d in communs])
    if x.std() == 0 or y.std() == 0:
        return None
    return round(float(np.corrcoef(x, y)[0, 1]), 6)


def _rangs_moyens(rangs: list[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Equal ranks share their mean."""
    _, groupes, effectifs = np.unique(rangs, return_inverse=True, return_counts=True)
    fins = np.cumsum(effectifs)
    moyens = fins - (effectifs - 1) / 2
    resultat: np.ndarray[tuple[int], np.dtype[np.float64]] = moyens[groupes]
    return resultat
