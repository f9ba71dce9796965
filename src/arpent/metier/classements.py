"""Comparing orders of the same projects: ties, and pairs that two orders put the other way round.

A rank is an integer from 1; None is “not ranked”. Two projects may share a rank.
"""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Pairs of projects that both orders tell apart, of which `inversees` the other way round."""

    paires: int
    inversees: int

    @property
    def part(self) -> float | None:
        """Share of opposite pairs, from 0 (same order) to 1 (reversed order); None without any pair."""
        return self.inversees / self.paires if self.paires else None


def _paires(nombre: int) -> int:
    return nombre * (nombre - 1) // 2


def comparer(un: Mapping[T, int | None], autre: Mapping[T, int | None]) -> Comparaison:
    """Counts the pairs on which two orders disagree (Kendall's distance, ties and unranked left out).

    n log n: several thousand projects at once.
    """
    rangs = sorted((a, b) for cle, a in un.items() if a is not None and (b := autre.get(cle)) is not None)
    egales_un = sum(_paires(n) for n in Counter(a for a, _ in rangs).values())
    egales_autre = sum(_paires(n) for n in Counter(b for _, b in rangs).values())
    egales_deux = sum(_paires(n) for n in Counter(rangs).values())
    inversees, deja = 0, list[int]()
    for _, groupe in groupby(rangs, key=lambda r: r[0]):
        seconds = [b for _, b in groupe]
        inversees += sum(len(deja) - bisect_right(deja, b) for b in seconds)
        for b in seconds:
            insort(deja, b)
    return Comparaison(_paires(len(rangs)) - egales_un - egales_autre + egales_deux, inversees)


def ex_aequo(rangs: Mapping[T, int | None]) -> dict[int, list[T]]:
    """Ranks given to several projects, in order."""
    par_rang: dict[int, list[T]] = {}
    for cle, rang in rangs.items():
        if rang is not None:
            par_rang.setdefault(rang, []).append(cle)
    return {rang: par_rang[rang] for rang in sorted(par_rang) if len(par_rang[rang]) > 1}


def ordonner(rangs: Mapping[T, int | None]) -> list[T]:
    """The projects from the first to the last, those not ranked at the end in their given order."""
    return sorted(rangs, key=lambda cle: (rangs[cle] is None, rangs[cle] or 0))


def deplacer(rangs: Mapping[T, int | None], cle: T, pas: int) -> dict[T, int | None]:
    """`cle` goes `pas` places down (up when negative); the ranked ones are numbered again from 1.

    A project not ranked yet enters at the end.
    """
    ordre = [c for c in ordonner(rangs) if rangs[c] is not None]
    place = ordre.index(cle) + pas if cle in ordre else len(ordre)
    suite = [c for c in ordre if c != cle]
    suite.insert(min(max(place, 0), len(suite)), cle)
    nouveaux = {c: rang for rang, c in enumerate(suite, 1)}
    return {c: nouveaux.get(c) for c in rangs}


def dernier(rangs: Iterable[int | None]) -> int | None:
    """The highest rank given; None when nothing is ranked."""
    return max((r for r in rangs if r is not None), default=None)
