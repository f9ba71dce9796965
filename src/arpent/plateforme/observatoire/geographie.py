"""The geography in time: what became of each commune from one 1 January to another.

Pure: movements in, conversions out. « The geography of year Y » is that of 1 January Y. Counts are summed
when communes merge; what a split or a step backwards would have to guess is missing, and told. Worked
example: docs/algorithmes/indicateurs.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Colonne = NDArray[np.float64]

REFERENCE = 2026
"""The store is kept in the communes of 1 January 2026 (the same as those of 2025)."""

SUPPRESSION = "30"
SANS_EFFET = frozenset({"10", "35", "70", "71"})
"""Changes of name and of delegated communes: the territory of the commune does not change."""


@dataclass(frozen=True, slots=True)
class Mouvement:
    """One line of the official list: a commune before, a commune after, on an ISO date."""

    date: str
    mod: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Groupe:
    """Communes that cover the same ground at two dates. One to one: a change of code."""

    avant: frozenset[str]
    apres: frozenset[str]

    @property
    def inverse(self) -> "Groupe":
        return Groupe(self.apres, self.avant)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A column in other communes. `perdus`: those whose value cannot be known from the earlier ones."""

    codes: tuple[str, ...]
    valeurs: Colonne
    perdus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traduction:
    """A territory in other communes. `isolees`: each commune that cannot be set apart → what holds it."""

    codes: tuple[str, ...]
    isolees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Frise:
    """The movements in order; the groups between two years are computed once and kept."""

    def __init__(self, mouvements: Iterable[Mouvement]) -> None:
        utiles = (m for m in mouvements if m.avant and m.apres and m.mod not in SANS_EFFET)
        self._mouvements = sorted(utiles, key=lambda m: m.date)
        self._groupes: dict[tuple[int, int], tuple[Groupe, ...]] = {}

    def groupes(self, de: int, vers: int) -> tuple[Groupe, ...]:
        """What changed from 1 January `de` to 1 January `vers`; backwards when `vers` is earlier."""
        if vers < de:
            return tuple(g.inverse for g in self.groupes(vers, de))
        if (de, vers) not in self._groupes:
            choix = [m for m in self._mouvements if f"{de}-01-01" < m.date <= f"{vers}-01-01"]
            self._groupes[de, vers] = tuple(_enchainer(choix))
        return self._groupes[de, vers]

    def convertir(
        self, codes: Sequence[str], valeurs: Colonne, *, de: int, vers: int, somme: bool = True
    ) -> Conversion:
        """Counts summed on mergers (`somme`); otherwise a ratio, missing wherever the ground changed.

        A group of which one commune is missing or unknown gives nothing: never a partial sum.
        """
        lues = dict(zip(codes, map(float, valeurs), strict=True))
        neuves, perdus = dict(lues), list[str]()
        for groupe in self.groupes(de, vers):
            presents = groupe.avant & lues.keys()
            if not presents:
                continue
            for code in presents:
                neuves.pop(code, None)
            valeur = np.nan
            if len(groupe.apres) == 1 and presents == groupe.avant and (somme or len(groupe.avant) == 1):
                valeur = sum(lues[c] for c in sorted(groupe.avant))
            else:
                perdus.extend(groupe.apres)
            # set after the removal: the commune may keep its code
            neuves.update(dict.fromkeys(sorted(groupe.apres), valeur))
        return Conversion(tuple(neuves), np.array(list(neuves.values())), tuple(sorted(perdus)))

    def traduire(self, codes: Iterable[str], *, de: int, vers: int) -> Traduction:
        """The same ground in the communes of `vers`; only whole groups can be translated."""
        voulus = dict.fromkeys(codes)
        traduits, isolees = dict(voulus), dict[str, tuple[str, ...]]()
        ajouts: dict[str, None] = {}
        for groupe in self.groupes(de, vers):
            presents = groupe.avant & voulus.keys()
            for code in presents:
                del traduits[code]
            if presents == groupe.avant:
                ajouts |= dict.fromkeys(sorted(groupe.apres))
            else:
                isolees |= {code: tuple(sorted(groupe.apres)) for code in sorted(presents)}
        return Traduction(tuple(traduits | ajouts), isolees)

    def projeter(self, codes: Iterable[str], *, de: int, vers: int) -> dict[str, str]:
        """Each commune to the single one that now holds it; the communes since split are left out."""
        sorts = {c: g for g in self.groupes(de, vers) for c in g.avant}
        projete: dict[str, str] = {}
        for code in codes:
            groupe = sorts.get(code)
            if groupe is None:
                projete[code] = code
            elif len(groupe.apres) == 1:
                (projete[code],) = groupe.apres
        return projete


def _enchainer(mouvements: Sequence[Mouvement]) -> Iterator[Groupe]:
    """Connects the movements of a period: communes that exchanged ground, even in steps, are one group."""
    parents: list[int] = []
    origines: list[set[str]] = []
    courants: dict[str, int] = {}

    def racine(numero: int) -> int:
        while parents[numero] != numero:
            parents[numero] = parents[parents[numero]]
            numero = parents[numero]
        return numero

    def groupe_de(code: str) -> int:
        if code not in courants:
            courants[code] = len(parents)
            parents.append(len(parents))
            origines.append({code})
        return courants[code]

    for jour in _par_jour(mouvements):
        avant = {m.avant: groupe_de(m.avant) for m in jour}
        # a suppressed commune joins neighbours that the list does not repeat
        avant |= {m.apres: groupe_de(m.apres) for m in jour if m.mod == SUPPRESSION}
        apres: dict[str, int] = {m.apres: avant[m.apres] for m in jour if m.mod == SUPPRESSION}
        for m in jour:
            if m.apres in apres:
                parents[racine(apres[m.apres])] = racine(avant[m.avant])
            apres[m.apres] = avant[m.avant]
        for code in avant:
            courants.pop(code, None)
        courants |= apres

    membres: dict[int, tuple[set[str], set[str]]] = {}
    for numero, codes in enumerate(origines):
        membres.setdefault(racine(numero), (set(), set()))[0].update(codes)
    for code, numero in courants.items():
        membres[racine(numero)][1].add(code)
    for avant_, apres_ in membres.values():
        if avant_ != apres_ or len(avant_) > 1:
            yield Groupe(frozenset(avant_), frozenset(apres_))


def _par_jour(mouvements: Sequence[Mouvement]) -> Iterator[list[Mouvement]]:
    """Day by day; on a same day a commune changes its code or is restored before it merges."""
    jours: dict[tuple[str, int], list[Mouvement]] = {}
    for m in mouvements:
        jours.setdefault((m.date, _RANGS.get(m.mod, len(_RANGS))), []).append(m)
    yield from (jours[jour] for jour in sorted(jours))


_RANGS = {"41": 0, "50": 1, "21": 2, "20": 3}
