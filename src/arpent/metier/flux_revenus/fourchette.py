"""Intervals: an estimate is a low, a central and a high value, never one figure alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Fourchette:
    """A positive quantity known between `bas` and `haut`; `bas ≤ central ≤ haut` always holds."""

    bas: Decimal
    central: Decimal
    haut: Decimal

    def __post_init__(self) -> None:
        if not Decimal(0) <= self.bas <= self.central <= self.haut:
            raise ValueError(
                f"La fourchette {self.bas} / {self.central} / {self.haut} n’est pas ordonnée : "
                "le bas ne dépasse pas la valeur centrale, qui ne dépasse pas le haut."
            )

    @classmethod
    def exacte(cls, valeur: Decimal) -> Fourchette:
        return cls(valeur, valeur, valeur)

    def __mul__(self, autre: Fourchette) -> Fourchette:
        return Fourchette(self.bas * autre.bas, self.central * autre.central, self.haut * autre.haut)

    def __truediv__(self, autre: Fourchette) -> Fourchette:
        """The widest quotient: low over high, high over low. The divisor must be strictly positive."""
        return Fourchette(self.bas / autre.haut, self.central / autre.central, self.haut / autre.bas)

    def reste_de(self, tout: Fourchette) -> Fourchette:
        """What is left of `tout` once this part is taken away, never below zero."""
        zero = Decimal(0)
        return Fourchette(
            max(tout.bas - self.haut, zero),
            max(tout.central - self.central, zero),
            max(tout.haut - self.bas, zero),
        )

    def plafonnee(self, plafond: Decimal) -> Fourchette:
        return Fourchette(min(self.bas, plafond), min(self.central, plafond), min(self.haut, plafond))

    def arrondie(self, pas: Decimal = Decimal(1)) -> Fourchette:
        """Rounded half up, to the unit by default: an estimate in cents would be false precision."""
        return Fourchette(*(x.quantize(pas, rounding=ROUND_HALF_UP) for x in self.valeurs))

    @property
    def valeurs(self) -> tuple[Decimal, Decimal, Decimal]:
        return (self.bas, self.central, self.haut)


def somme(fourchettes: Iterable[Fourchette]) -> Fourchette | None:
    """Term by term; None (and not zero) when there is nothing to add."""
    retenues = tuple(fourchettes)
    if not retenues:
        return None
    zero = Decimal(0)
    return Fourchette(
        sum((f.bas for f in retenues), zero),
        sum((f.central for f in retenues), zero),
        sum((f.haut for f in retenues), zero),
    )
