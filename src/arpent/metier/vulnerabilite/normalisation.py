"""Four ways to make indicators comparable. All return values oriented like the score of the model."""

from collections.abc import Mapping
from itertools import groupby
from math import fsum, sqrt

from arpent.metier.vulnerabilite.modele import Indicateur, ModeleInvalide, Normalisation, Orientation, Sens

Valeurs = Mapping[str, float]


def normaliser(
    valeurs: Valeurs, indicateur: Indicateur, normalisation: Normalisation, orientation: Orientation
) -> dict[str, float]:
    """Normalised values by territory; a territory without a value is simply not in `valeurs`.

    A constant indicator tells nothing apart: it gives the neutral value (0, or 1 for a ratio to the mean).
    """
    if not valeurs:
        return {}
    monte = (indicateur.sens is Sens.AGGRAVE) is (orientation is Orientation.HAUT)
    if normalisation is Normalisation.RATIO_MOYENNE:
        return _ratio_moyenne(valeurs, indicateur, monte)
    if normalisation is Normalisation.RANG:
        return _rang(valeurs, monte)
    return _centrer(valeurs, normalisation, monte)


def _centrer(valeurs: Valeurs, normalisation: Normalisation, monte: bool) -> dict[str, float]:
    """z-score (population standard deviation) or min-max (0 to 1)."""
    if normalisation is Normalisation.Z_SCORE:
        centre = fsum(valeurs.values()) / len(valeurs)
        echelle = sqrt(fsum((v - centre) ** 2 for v in valeurs.values()) / len(valeurs))
    else:
        centre = min(valeurs.values()) if monte else max(valeurs.values())
        echelle = max(valeurs.values()) - min(valeurs.values())
    if min(valeurs.values()) == max(valeurs.values()) or echelle == 0:
        return dict.fromkeys(valeurs, 0.0)
    signe = 1 if monte else -1
    return {t: signe * (v - centre) / echelle for t, v in valeurs.items()}


def _rang(valeurs: Valeurs, monte: bool) -> dict[str, float]:
    """Share of the other territories that are less vulnerable; equal values count for half. 0 to 1."""
    if len(valeurs) == 1:
        return dict.fromkeys(valeurs, 0.0)
    rangs: dict[float, float] = {}
    ordonnees = sorted(valeurs.values(), reverse=not monte)
    debut = 0
    for valeur, egales in groupby(ordonnees):
        nombre = sum(1 for _ in egales)
        rangs[valeur] = (debut + (nombre - 1) / 2) / (len(ordonnees) - 1)
        debut += nombre
    if len(rangs) == 1:
        return dict.fromkeys(valeurs, 0.0)
    return {t: rangs[v] for t, v in valeurs.items()}


def _ratio_moyenne(valeurs: Valeurs, indicateur: Indicateur, monte: bool) -> dict[str, float]:
    """Value over mean, or mean over value when a high value goes against the score."""
    negatifs = [t for t, v in valeurs.items() if v <= 0]
    if negatifs:
        raise ModeleInvalide(
            f"L’indicateur « {indicateur.code} » vaut {valeurs[negatifs[0]]:g} pour {negatifs[0]} : "
            "le rapport à la moyenne demande des valeurs positives. Choisissez une autre normalisation."
        )
    moyenne = fsum(valeurs.values()) / len(valeurs)
    return {t: v / moyenne if monte else moyenne / v for t, v in valeurs.items()}
