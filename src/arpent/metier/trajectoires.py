"""A territory and its twins over the vintages of an indicator, before and after the signature.

Each value keeps its two sums: the twins taken together are *recomputed*, their ratios never averaged. The
median is one of territories, given from three known values on. Nothing here tells a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

MEDIANE_MINIMUM = 3


@dataclass(frozen=True, slots=True)
class Mesure:
    """What is above and below the line, summed over one territory."""

    numerateur: Decimal
    denominateur: Decimal

    def valeur(self, facteur: Decimal) -> Decimal | None:
        """None: nothing below the line."""
        return self.numerateur / self.denominateur * facteur if self.denominateur else None


@dataclass(frozen=True, slots=True)
class PointCompare:
    """One vintage. `annee`: its last year, which says whether it is after the signature.

    `jumeaux`: those whose figures of that vintage are known.
    """

    millesime: str
    annee: int
    territoire: Mesure | None
    jumeaux: tuple[Mesure, ...]


@dataclass(frozen=True, slots=True)
class Trajectoire:
    """An indicator over time. `signature`: the year of the contract; None: not signed."""

    facteur: Decimal
    points: tuple[PointCompare, ...]
    signature: int | None = None

    def territoire(self, point: PointCompare) -> Decimal | None:
        return point.territoire.valeur(self.facteur) if point.territoire else None

    def ensemble(self, point: PointCompare) -> Decimal | None:
        """The twins taken together: sum over sum."""
        somme = ensemble_de(point.jumeaux)
        return somme.valeur(self.facteur) if somme else None

    def mediane(self, point: PointCompare) -> Decimal | None:
        return mediane(v for m in point.jumeaux if (v := m.valeur(self.facteur)) is not None)

    def est_apres(self, point: PointCompare) -> bool:
        """The whole vintage is after the year of the signature."""
        return self.signature is not None and point.annee > self.signature

    @property
    def apres(self) -> tuple[PointCompare, ...]:
        return tuple(p for p in self.points if self.est_apres(p))

    @property
    def avant(self) -> tuple[PointCompare, ...]:
        return tuple(p for p in self.points if not self.est_apres(p))


def ensemble_de(mesures: Sequence[Mesure]) -> Mesure | None:
    """Numerators and denominators added up; None when there is none."""
    if not mesures:
        return None
    return Mesure(
        sum((m.numerateur for m in mesures), Decimal(0)), sum((m.denominateur for m in mesures), Decimal(0))
    )


def mediane(valeurs: Iterable[Decimal]) -> Decimal | None:
    """Of territories; None under three known values."""
    lues = sorted(valeurs)
    if len(lues) < MEDIANE_MINIMUM:
        return None
    milieu = len(lues) // 2
    return lues[milieu] if len(lues) % 2 else (lues[milieu - 1] + lues[milieu]) / 2


@dataclass(frozen=True, slots=True)
class Ecart:
    """How much the territory moved between the first and the last common vintage, and its twins' median."""

    debut: str
    fin: str
    territoire: Decimal
    jumeaux: Decimal

    @property
    def difference(self) -> Decimal:
        return self.territoire - self.jumeaux


def ecart(t: Trajectoire) -> Ecart | None:
    """In the unit of the indicator; None when fewer than two vintages have both values."""
    communs = [
        (p, ici, la)
        for p in t.points
        if (ici := t.territoire(p)) is not None and (la := t.mediane(p)) is not None
    ]
    if len(communs) < 2:
        return None
    (a, ici_a, la_a), (b, ici_b, la_b) = communs[0], communs[-1]
    return Ecart(a.millesime, b.millesime, ici_b - ici_a, la_b - la_a)
