"""The arithmetic of indicators: sums that carry their coverage, ratios recomputed, evolutions said in words.

No I/O, no Django. Values are float (statistics, never money); NaN means missing or secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arpent.plateforme.observatoire.catalogue import Croissance, Evolution, Rapport
from arpent.plateforme.observatoire.derivation import Colonne

COUVERTURE_COMPLETE = 0.995
"""From this share of the population on, a value is said complete."""
COUVERTURE_MINIMALE = 0.5
"""Under this share of the population, no value is given."""


@dataclass(frozen=True, slots=True)
class Somme:
    """Sums over the places where every input is known; `couverture`: their share of the weight, 0 to 1.

    `secret`: the share of the weight whose cell is secret (the rest of what is not covered is missing).
    """

    numerateur: float
    denominateur: float | None
    couverture: float
    secret: float = 0.0


@dataclass(frozen=True, slots=True)
class DetailEpci:
    """The value of one EPCI of a perimeter (None: not published)."""

    siren: str
    valeur: float | None


@dataclass(frozen=True, slots=True)
class ValeurIndicateur:
    """One figure with all that must be said beside it."""

    code: str
    libelle: str
    valeur: float | None
    unite: str
    decimales: int
    millesime: str
    source: str
    couverture: float
    partiel: bool
    secret: bool
    note: str
    evolution: float | None = None
    evolution_libelle: str = ""
    detail: tuple[DetailEpci, ...] = ()
    part_secrete: float = 0.0


def sommer(
    numerateur: Colonne, denominateur: Colonne | None, poids: Colonne, voile: Colonne | None = None
) -> Somme | None:
    """Sum where numerator and denominator are both known; None when nothing is known nor secret.

    `poids` (population) only weighs the coverage. With no usable weight the coverage counts the places.
    `voile` is 1 where the cell is secret.
    """
    connus = ~np.isnan(numerateur)
    if denominateur is not None:
        connus &= ~np.isnan(denominateur)
    if voile is None and not connus.any():
        return None
    utiles = np.nan_to_num(poids)
    total = float(utiles.sum())
    couverture = float(utiles[connus].sum()) / total if total > 0 else float(connus.mean())
    secret = 0.0
    if voile is not None:
        caches = ~connus & (voile == 1.0)
        if not connus.any() and not caches.any():
            return None
        secret = float(utiles[caches].sum()) / total if total > 0 else float(caches.mean())
    bas = None if denominateur is None else float(denominateur[connus].sum())
    return Somme(float(numerateur[connus].sum()) if connus.any() else np.nan, bas, couverture, secret)


def valeur_de_somme(somme: Somme | None, calcul: Rapport | Croissance) -> float | None:
    """The ratio, the sum or the yearly growth; None when it cannot be computed."""
    if somme is None or np.isnan(somme.numerateur):
        return None
    if isinstance(calcul, Croissance):
        return croissance_annuelle(somme.denominateur or 0.0, somme.numerateur, calcul.annees)
    if somme.denominateur is None:
        return somme.numerateur * calcul.facteur
    if somme.denominateur == 0:
        return None
    return somme.numerateur / somme.denominateur * calcul.facteur


def croissance_annuelle(debut: float, fin: float, annees: int) -> float | None:
    """Average yearly growth in %; None without a starting population."""
    if debut <= 0 or fin < 0:
        return None
    return float(((fin / debut) ** (1 / annees) - 1) * 100)


def recomposer(taux: Colonne, bases: Colonne, poids: Colonne) -> Somme | None:
    """Published rates of several EPCI, put back on their common denominator."""
    return sommer(taux * bases, bases, poids)


def difference(evolution: Evolution, maintenant: float | None, avant: float | None) -> float | None:
    """In % of the earlier value (`pct`), or as a plain difference (`points`, `ecart`)."""
    if maintenant is None or avant is None:
        return None
    if evolution.forme == "pct":
        return None if avant == 0 else (maintenant - avant) / abs(avant) * 100
    return maintenant - avant


def libelle_evolution(evolution: Evolution, valeur: float | None, *, approche: bool = False) -> str:
    """« +2,3 % depuis 2012 », « −1,4 point depuis 2016 », « +0,20 point par rapport à 2011-2016 »."""
    if valeur is None:
        return ""
    decimales = 1 if abs(valeur) >= 0.95 or evolution.forme == "pct" else 2
    # rounding first: a change that rounds to zero bears no sign
    arrondi = round(valeur, decimales)
    signe = "+" if arrondi > 0 else "−" if arrondi < 0 else ""
    texte = signe + f"{abs(arrondi):.{decimales}f}".replace(".", ",")
    pluriel = "s" if abs(arrondi) >= 2 else ""
    unite = {"pct": "\u00a0%", "points": f"\u00a0point{pluriel}", "ecart": ""}[evolution.forme]
    depuis = "par rapport à" if "-" in evolution.millesime else "depuis"
    return f"{texte}{unite} {depuis} {evolution.millesime}" + (" (approché)" if approche else "")


def note_de_couverture(couverture: float, secret: bool, part_secrete: float = 0.0) -> str:
    """What to say of an incomplete value. `secret`: it may be secret; `part_secrete`: what is known to be."""
    if couverture >= COUVERTURE_COMPLETE:
        return ""
    manque = 1 - couverture - part_secrete
    if part_secrete > 0:
        cause = f"secret statistique ({_pourcent(part_secrete)} de la population)"
        if manque > 1 - COUVERTURE_COMPLETE:
            cause += f" et donnée manquante ({_pourcent(manque)})"
    else:
        cause = "secret statistique ou donnée manquante" if secret else "donnée manquante"
    if couverture == 0:
        if part_secrete > 0:
            return "Non disponible : secret statistique."
        return "Non disponible" + (
            " : secret statistique ou donnée non publiée." if secret else " sur ce périmètre."
        )
    if couverture < COUVERTURE_MINIMALE:
        return f"Non calculé : {cause}, {_pourcent(couverture)} de la population seulement est couverte."
    return f"Valeur partielle : {cause}, {_pourcent(couverture)} de la population est couverte."


def _pourcent(part: float) -> str:
    return f"{part * 100:.0f}\u00a0%"


def detail_des_epci(sirens: Sequence[str], valeurs: Colonne) -> tuple[DetailEpci, ...]:
    return tuple(
        DetailEpci(siren, None if np.isnan(v) else float(v)) for siren, v in zip(sirens, valeurs, strict=True)
    )
