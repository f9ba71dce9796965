"""A vulnerability model: families of indicators, made comparable, weighted and cut into classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
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


class Echelle(StrEnum):
    """What is compared and scored."""

    EPCI = "epci"
    COMMUNE = "commune"


class RegleComposition(StrEnum):
    """How a territory gets a class from its members."""

    MOYENNE_PONDEREE = "moyenne_ponderee"
    MAJORITE = "majorite"
    PLUS_VULNERABLE = "plus_vulnerable"
    PART_POPULATION = "part_population"
    AUCUNE = "aucune"


@dataclass(frozen=True, slots=True)
class Composition:
    """The rule a territory of several members follows. `part` (0 to 1): only for `part_population`."""

    regle: RegleComposition = RegleComposition.MOYENNE_PONDEREE
    part: float | None = None


@dataclass(frozen=True, slots=True)
class Famille:
    code: str
    libelle: str
    poids: float | None


@dataclass(frozen=True, slots=True)
class Indicateur:
    """`colonne` (by default the code) over `denominateur` when there is one, in the tables of figures.

    `fichier`: the official file that brings it, to be named when no territory has a value.
    """

    code: str
    libelle: str
    famille: str
    sens: Sens
    poids: float | None
    source: str = ""
    colonne: str = ""
    denominateur: str = ""
    fichier: str = ""


@dataclass(frozen=True, slots=True)
class Classe:
    """The effects of the class, each None when the policy draws none.

    `taux_bonus`: points added to the rate of aid (0.05 for 5 points); `plafond`: ceiling of an aid in euros.
    """

    code: str
    libelle: str
    type_contrat: str | None = None
    ingenierie: bool | None = None
    taux_bonus: Decimal | None = None
    plafond: Decimal | None = None

    @property
    def a_un_effet(self) -> bool:
        return any(x is not None for x in (self.type_contrat, self.ingenierie, self.taux_bonus, self.plafond))


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
    echelle: Echelle = Echelle.EPCI
    composition: Composition = field(default_factory=Composition)

    def __post_init__(self) -> None:
        codes = {f.code for f in self.familles}
        self._verifier_codes()
        for indicateur in self.indicateurs:
            if indicateur.famille not in codes:
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : l’indicateur « {indicateur.code} » cite la famille "
                    f"« {indicateur.famille} », qui n’existe pas. Ajoutez-la ou corrigez son nom."
                )
        self._verifier_poids()
        self._verifier_seuils()
        self._verifier_effets()

    def _verifier_codes(self) -> None:
        """Nothing twice, at least one class, indicator and family."""
        for quoi, codes in (
            ("la famille", [f.code for f in self.familles]),
            ("l’indicateur", [i.code for i in self.indicateurs]),
            ("la classe", [c.code for c in self.classes]),
        ):
            doubles = sorted({c for c in codes if codes.count(c) > 1})
            if doubles:
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : {quoi} « {doubles[0]} » est donnée deux fois. Gardez-en une."
                )
            if not codes:
                raise ModeleInvalide(f"Modèle « {self.code} » : il manque {quoi} : ajoutez-en au moins une.")

    def _verifier_effets(self) -> None:
        for classe in self.classes:
            if classe.taux_bonus is not None and not 0 <= classe.taux_bonus <= 1:
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : le bonus de taux de « {classe.libelle} » va de 0 à 100 points."
                )
            if classe.plafond is not None and classe.plafond < 0:
                raise ModeleInvalide(
                    f"Modèle « {self.code} » : le plafond d’aide de « {classe.libelle} » est positif ou nul."
                )
        part = self.composition.part
        if (self.composition.regle is RegleComposition.PART_POPULATION) is not (part is not None):
            raise ModeleInvalide(
                f"Modèle « {self.code} » : la règle « part de la population » va avec une part, elle seule."
            )
        if part is not None and not 0 < part <= 1:
            raise ModeleInvalide(
                f"Modèle « {self.code} » : la part de population qui donne la classe va de plus de 0 à 100 %."
            )
        if not 0 <= self.couverture_minimale <= 1:
            raise ModeleInvalide(f"Modèle « {self.code} » : la couverture minimale va de 0 à 100 %.")

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
        if mode is ModeSeuils.N_DERNIERS and any(v < 0 or v != int(v) for v in valeurs):
            raise ModeleInvalide(
                f"Modèle « {self.code} » : « n derniers » compte des territoires, en nombre entier."
            )
        if mode is ModeSeuils.QUANTILE and any(not 0 < v < 1 for v in valeurs):
            raise ModeleInvalide(f"Modèle « {self.code} » : un seuil par quantile est compris entre 0 et 1.")

    @property
    def est_applicable(self) -> bool:
        """False while a weight or the thresholds are still to be typed in by the authority."""
        poids = [f.poids for f in self.familles] + [i.poids for i in self.indicateurs]
        return bool(poids) and None not in poids and self._pese and self.seuils is not None

    @property
    def _pese(self) -> bool:
        """One indicator at least has a weight, in a family that has one."""
        lourdes = {f.code for f in self.familles if f.poids}
        return any(i.poids and i.famille in lourdes for i in self.indicateurs)
