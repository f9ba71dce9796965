"""Leakage: how many posts the captured income should feed here, by what is seen in the other EPCI.

ln(posts) = a + b ln(captured income) + one term per class of density, fitted by least squares on the EPCI of
the store. Why in logarithms, and the limits: the documentation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

MINIMUM_EPCI = 30
"""Under this number of EPCI, nothing is fitted."""

DENSITES = (30.0, 100.0)
"""Inhabitants per square kilometre: the two limits between the three classes of density."""

REGRESSEURS = (
    "constante",
    "logarithme du revenu capté (euros)",
    "densité de 30 à 100 habitants par km²",
    "densité de 100 habitants par km² ou plus",
)
Colonne = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ModelePresentiel:
    """Expected private présentiel posts. `ecart_type`: of the residuals, in logarithms."""

    coefficients: tuple[float, ...]
    r2: float
    n: int
    ecart_type: float

    def attendus(self, captation: float, densite: float) -> float:
        """Posts for that captured income (euros a year, > 0) at that density (inhabitants per km²)."""
        ligne = _regresseurs(np.array([captation]), np.array([densite]))
        return math.exp(float((ligne @ np.array(self.coefficients))[0]))


@dataclass(frozen=True, slots=True)
class Evasion:
    """Posts per 1,000 inhabitants, observed and expected, and the index 1 − observed ÷ expected.

    Positive: less than elsewhere is spent here. The bounds move the expected posts by one standard deviation.
    """

    observes: Decimal
    attendus: Decimal
    indice: Decimal
    indice_bas: Decimal
    indice_haut: Decimal
    modele: ModelePresentiel

    @property
    def tranchee(self) -> bool:
        """Whether both bounds fall on the same side of zero."""
        return self.indice_bas > 0 or self.indice_haut < 0


def ajuster(captation: Colonne, densite: Colonne, postes: Colonne) -> ModelePresentiel | None:
    """One row per EPCI: euros captured, inhabitants per km², private présentiel posts.

    Rows with a missing or null cell are left out. None under 30 rows.
    """
    tout = np.column_stack([captation, densite, postes])
    bons = np.isfinite(tout).all(axis=1) & (tout > 0).all(axis=1)
    if int(bons.sum()) < MINIMUM_EPCI:
        return None
    x, y = _regresseurs(captation[bons], densite[bons]), np.log(postes[bons])
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    residus, ecarts = y - x @ coefficients, y - y.mean()
    somme, variance = float(residus @ residus), float(ecarts @ ecarts)
    r2 = 1 - somme / variance if variance > 0 else 0.0
    libertes = max(len(y) - x.shape[1], 1)
    return ModelePresentiel(tuple(float(c) for c in coefficients), r2, len(y), math.sqrt(somme / libertes))


def mesurer(
    modele: ModelePresentiel | None,
    *,
    postes: Decimal | None,
    captation: Decimal | None,
    population: Decimal | None,
    surface_km2: Decimal | None,
) -> Evasion | None:
    """The leakage of one territory; None as soon as one of its figures is missing."""
    if modele is None or postes is None or not captation or not population or not surface_km2:
        return None
    attendus = modele.attendus(float(captation), float(population / surface_km2))
    rapport, ecart = float(postes) / attendus, math.exp(modele.ecart_type)
    pour_mille = 1000 / float(population)
    return Evasion(
        observes=_arrondi(float(postes) * pour_mille, "0.1"),
        attendus=_arrondi(attendus * pour_mille, "0.1"),
        indice=_arrondi(1 - rapport, "0.001"),
        indice_bas=_arrondi(1 - rapport * ecart, "0.001"),
        indice_haut=_arrondi(1 - rapport / ecart, "0.001"),
        modele=modele,
    )


def _regresseurs(captation: Colonne, densite: Colonne) -> Colonne:
    moyenne = (densite >= DENSITES[0]) & (densite < DENSITES[1])
    forte = densite >= DENSITES[1]
    return np.column_stack(
        [np.ones_like(captation), np.log(captation), moyenne.astype(float), forte.astype(float)]
    )


def _arrondi(x: float, pas: str) -> Decimal:
    return Decimal(repr(x)).quantize(Decimal(pas), rounding=ROUND_HALF_UP)
