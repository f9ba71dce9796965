"""A vulnerability model: families of indicators, made comparable, weighted and cut into classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModeleInvalide(ValueError):
    """A model that cannot be read or applied; the message is French and says what to correct."""


class Sens(StrEnum):
    """What a high value of the indicator does to vulnerability."""

    AGGRAVE = "aggrave"
    PROTEGE = "protege"


class Normalisation(StrEnum):
    Z_SCORE = "z_score"
    MIN_MAX = "min_max"
    RANG = "rang"
    RATIO_MOYENNE = "ratio_moyenne"


class Orientation(StrEnum):
    """Which end of the score is the vulnerable one."""

    HAUT = "haut"
    BAS = "bas"


class ModeSeuils(StrEnum):
    """How classes are cut: at score values, at shares of the territories, or by counting the last ones."""

    FIXE = "fixe"
    QUANTILE = "quantile"
    N_DERNIERS = "n_derniers"


@dataclass(frozen=True, slots=True)
class Famille:
    code: str
    libelle: str
    poids: float | None


@dataclass(frozen=True, slots=True)
class Indicateur:
    code: str
    libelle: str
    famille: str
    sens: Sens
    poids: float | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Classe:
    """`type_contrat` and `ingenierie` are the effects of the class; None when the policy draws none."""

    code: str
    libelle: str
    type_contrat: str | None = None
    ingenierie: bool | None = None


@dataclass(frozen=True, slots=True)
class TypeParticulier:
    """A contract type that follows the place and not the class."""

    type_contrat: str
    motif: str
    territoires: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seuils:
    """One value per boundary between two classes, from the least vulnerable boundary to the most vulnerable.

    fixe: score from which the next class begins. quantile: share (0 to 1) of the territories below it.
    n_derniers: number of territories in the next class and all the more vulnerable ones.
    """

    mode: ModeSeuils
    valeurs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Modele:
    """`classes` go from the least to the most vulnerable. `demonstration`: assumed weights or thresholds.

    `couverture_minimale` is the share of the weights (0 to 1) that must be known to score a territory.
    """

    code: str
    libelle: str
    source: str
    familles: tuple[Famille, ...]
    indicateurs: tuple[Indicateur, ...]
    normalisation: Normalisation
    orientation: Orientation
    seuils: Seuils | None
    classes: tuple[Classe, ...]
    types_particuliers: tuple[TypeParticulier, ...] = ()
    couverture_minimale: float = 0.75
    demonstration: bool = False

    def __post_init__(self) -> None:
        codes = {f.code for f in self.familles}
        for indicateur in self.indicateurs:
            if indicateur.famille not in codes:
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : l’indicateur « {indicateur.code} » cite la famille "
                    f"« {indicateur.famille} », qui n’existe pas. Ajoutez-la ou corrigez son nom."
                )
        self._verifier_poids()
        self._verifier_seuils()

    def _verifier_poids(self) -> None:
        for nom, poids in [(f.code, f.poids) for f in self.familles] + [
            (i.code, i.poids) for i in self.indicateurs
        ]:
            if poids is not None and not 0 <= poids < float("inf"):
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : le poids de « {nom} » est un nombre positif ou nul."
                )

    def _verifier_seuils(self) -> None:
        if self.seuils is None:
            return
        valeurs, mode = self.seuils.valeurs, self.seuils.mode
        if len(valeurs) != len(self.classes) - 1:
            raise ModeleInvalide(
                f"Modèle « {self.code} » : {len(self.classes)} classes demandent "
                f"{len(self.classes) - 1} seuils, et il y en a {len(valeurs)}."
            )
        # Boundaries near the vulnerable end: fewer of the last ones, a higher share, a farther score.
        decroit = mode is ModeSeuils.N_DERNIERS or (
            mode is ModeSeuils.FIXE and self.orientation is Orientation.BAS
        )
        if list(valeurs) != sorted(valeurs, reverse=decroit):
            raise ModeleInvalide(
                f"Modèle « {self.code} » : les seuils vont de la classe la moins vulnérable "
                "à la plus vulnérable."
            )
        if mode is ModeSeuils.QUANTILE and any(not 0 < v < 1 for v in valeurs):
            raise ModeleInvalide(f"Modèle « {self.code} » : un seuil par quantile est compris entre 0 et 1.")

    @property
    def est_applicable(self) -> bool:
        """False while a weight or the thresholds are still to be typed in by the authority."""
        poids = [f.poids for f in self.familles] + [i.poids for i in self.indicateurs]
        return bool(poids) and None not in poids and any(poids) and self.seuils is not None
