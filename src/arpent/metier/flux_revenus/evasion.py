"""Leakage: how many posts the captured income should feed here, by what is seen in the other EPCI.

A straight line fitted by least squares on the EPCI of the store; limits in the documentation.
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
    "revenu capté par habitant (milliers d’euros)",
    "logarithme de la population",
    "densité de 30 à 100 habitants par km²",
    "densité de 100 habitants par km² ou plus",
)
Colonne = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ModelePresentiel:
    """Expected private présentiel posts per 1,000 inhabitants. `ecart_type`: of the residuals."""

    coefficients: tuple[float, ...]
    r2: float
    n: int
    ecart_type: float

    def attendus(self, captation: float, population: float, densite: float) -> float:
        """`captation` in euros per inhabitant; never under zero."""
        ligne = _regresseurs(*(np.array([x]) for x in (captation, population, densite)))
        return max(float((ligne @ np.array(self.coefficients))[0]), 0.0)


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


def ajuster(
    captation: Colonne, population: Colonne, densite: Colonne, postes: Colonne
) -> ModelePresentiel | None:
    """One row per EPCI: euros captured per inhabitant, inhabitants, density, posts per 1,000 inhabitants.

    Rows with a missing cell are left out. None under 30 rows.
    """
    tout = np.column_stack([captation, population, densite, postes])
    bons = np.isfinite(tout).all(axis=1) & (population > 0)
    if int(bons.sum()) < MINIMUM_EPCI:
        return None
    x, y = _regresseurs(captation[bons], population[bons], densite[bons]), postes[bons]
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    residus = y - x @ coefficients
    somme, ecarts = float(residus @ residus), y - y.mean()
    variance = float(ecarts @ ecarts)
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
    if modele is None or postes is None or captation is None or not population or not surface_km2:
        return None
    habitants = float(population)
    attendus = modele.attendus(float(captation) / habitants, habitants, habitants / float(surface_km2))
    observes = float(postes) / habitants * 1000
    if attendus <= modele.ecart_type:
        return None
    bas, haut = (1 - observes / (attendus + signe * modele.ecart_type) for signe in (-1, 1))
    return Evasion(
        observes=_arrondi(observes, "0.1"),
        attendus=_arrondi(attendus, "0.1"),
        indice=_arrondi(1 - observes / attendus, "0.001"),
        indice_bas=_arrondi(bas, "0.001"),
        indice_haut=_arrondi(haut, "0.001"),
        modele=modele,
    )


def _regresseurs(captation: Colonne, population: Colonne, densite: Colonne) -> Colonne:
    moyenne = (densite >= DENSITES[0]) & (densite < DENSITES[1])
    return np.column_stack(
        [
            np.ones_like(captation), captation / 1000, np.log(population), moyenne.astype(float),
            (densite >= DENSITES[1]).astype(float),
        ]
    )  # fmt: skip


def _arrondi(x: float, pas: str) -> Decimal:
    return Decimal(repr(x)).quantize(Decimal(pas), rounding=ROUND_HALF_UP)
