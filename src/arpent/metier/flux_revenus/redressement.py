"""Adding up what is known and imputing what is missing, without ever taking a blank for a zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

SEUIL_COUVERTURE = Decimal("0.80")


@dataclass(frozen=True, slots=True)
class Somme:
    """`valeur` is None below the coverage threshold; `couverture` is a share of population, 0 to 1."""

    valeur: Decimal | None
    couverture: Decimal


def redresser(unites: Iterable[tuple[Decimal, Decimal | None]]) -> Somme:
    """Sum of (population, value) pairs; missing values are imputed in proportion to population.

    Under 80 % of the population covered, nothing is imputed: the sum is None.
    """
    total = couverte = valeurs = Decimal(0)
    for population, valeur in unites:
        total += population
        if valeur is not None:
            couverte += population
            valeurs += valeur
    if total <= 0:
        return Somme(None, Decimal(0))
    couverture = couverte / total
    if couverture < SEUIL_COUVERTURE:
        return Somme(None, couverture)
    return Somme(valeurs / couverture, couverture)
