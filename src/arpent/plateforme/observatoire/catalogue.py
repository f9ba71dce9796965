"""The catalogue of indicators, read once from catalogue.yaml and checked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

CHEMIN = Path(__file__).with_name("catalogue.yaml")

Niveau = Literal["communes", "epci"]
Forme = Literal["pct", "points", "ecart"]
Sens = Literal["plus", "moins", "neutre"]


@dataclass(frozen=True, slots=True)
class Rapport:
    """A sum, or a sum over a sum, recomputed on any perimeter."""

    numerateur: str
    denominateur: str | None = None
    facteur: float = 1.0
    niveau: Niveau = "communes"


@dataclass(frozen=True, slots=True)
class Croissance:
    """Yearly growth (%) between two vintages of the same head count."""

    debut: str
    fin: str
    annees: int
    niveau: Niveau = "communes"


@dataclass(frozen=True, slots=True)
class Publie:
    """A value published per EPCI. `base`: the denominator that recomposes several EPCI (None: it cannot)."""

    colonne: str
    base: str | None = None
    base_exacte: bool = False


@dataclass(frozen=True, slots=True)
class Evolution:
    """What the value is compared with: an earlier ratio, an earlier column, or a published change.

    `base`: the denominator that recomposes the earlier published value of several EPCI.
    """

    millesime: str
    forme: Forme
    numerateur: str | None = None
    denominateur: str | None = None
    colonne: str | None = None
    ecart: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Indicateur:
    code: str
    libelle: str
    famille: str
    unite: str
    nature: str
    source: str
    millesime: str
    sens: Sens
    decimales: int
    calcul: Rapport | Croissance | Publie
    evolution: Evolution | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    familles: dict[str, str]
    sources: dict[str, str]
    derivees: dict[str, dict[str, Any]]
    indicateurs: dict[str, Indicateur]


class IndicateurInconnu(KeyError):
    """Asked for a code that the catalogue does not hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"L’indicateur « {self.code} » n’existe pas dans le catalogue de l’observatoire."


@cache
def catalogue() -> Catalogue:
    brut = yaml.load(CHEMIN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    indicateurs: dict[str, Indicateur] = {}
    for entree in brut["indicateurs"]:
        indicateur = _indicateur(entree, brut["familles"], brut["sources"])
        if indicateur.code in indicateurs:
            raise ValueError(f"Catalogue : l’indicateur « {indicateur.code} » est déclaré deux fois.")
        indicateurs[indicateur.code] = indicateur
    return Catalogue(brut["familles"], brut["sources"], brut["derivees"], indicateurs)


def indicateur(code: str) -> Indicateur:
    try:
        return catalogue().indicateurs[code]
    except KeyError:
        raise IndicateurInconnu(code) from None


def _indicateur(entree: dict[str, Any], familles: dict[str, str], sources: dict[str, str]) -> Indicateur:
    champs = dict(entree)
    code = champs["code"]
    genres = [g for g in _CALCULS if g in champs]
    if len(genres) != 1:
        raise ValueError(f"Catalogue : « {code} » doit avoir un seul calcul parmi {', '.join(_CALCULS)}.")
    if champs["famille"] not in familles or champs["source"] not in sources:
        raise ValueError(f"Catalogue : famille ou source inconnue pour « {code} ».")
    calcul = _CALCULS[genres[0]](**champs.pop(genres[0]))
    evolution = champs.pop("evolution", None)
    champs["source"] = sources[champs["source"]]
    return Indicateur(**champs, calcul=calcul, evolution=Evolution(**evolution) if evolution else None)


_CALCULS: dict[str, type[Rapport] | type[Croissance] | type[Publie]] = {
    "somme": Rapport,
    "croissance": Croissance,
    "publie": Publie,
}
