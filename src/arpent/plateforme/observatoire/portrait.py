"""The portrait of a territory: every indicator by family, beside its département, region and France."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arpent.plateforme.observatoire.calcul import ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import Indicateur, catalogue
from arpent.plateforme.observatoire.magasin import FRANCE, Magasin

RANG_MINIMUM = 3
"""Under this number of EPCI, a rank says nothing."""

NATURES_NON_COMPARABLES = frozenset({"effectif"})
"""A head count is compared with nothing: only ratios are."""


@dataclass(frozen=True, slots=True)
class Rang:
    """1 = the highest value among the `sur` EPCI of the same département that have one."""

    rang: int
    sur: int


@dataclass(frozen=True, slots=True)
class LignePortrait:
    indicateur: Indicateur
    valeur: ValeurIndicateur
    departement: float | None
    region: float | None
    france: float | None
    rang: Rang | None


@dataclass(frozen=True, slots=True)
class Famille:
    code: str
    libelle: str
    lignes: tuple[LignePortrait, ...]


def portrait(
    magasin: Magasin,
    codes_communes: Sequence[str],
    epci: Sequence[str],
    *,
    departement: str | None = None,
    familles: Sequence[str] | None = None,
) -> tuple[Famille, ...]:
    """All families (or those asked). `departement` compares; by default, where most inhabitants live."""
    ou = departement or departement_principal(magasin, codes_communes)
    region = magasin.manifeste["regions"].get(ou, "")
    table = catalogue()
    voulues = table.familles if familles is None else familles
    return tuple(
        Famille(
            code,
            table.familles[code],
            tuple(
                _ligne(magasin, quoi, codes_communes, epci, ou, region)
                for quoi in table.indicateurs.values()
                if quoi.famille == code
            ),
        )
        for code in voulues
    )


def departement_principal(magasin: Magasin, codes_communes: Sequence[str]) -> str:
    """The département where most of the inhabitants of the perimeter live."""
    rangs = magasin.communes.rangs_de(codes_communes)
    populations = np.nan_to_num(magasin.communes.extrait("population_2023", rangs))
    cumuls: dict[str, float] = {}
    for code, population in zip(codes_communes, populations, strict=True):
        departement = code[:3] if code.startswith("97") else code[:2]
        cumuls[departement] = cumuls.get(departement, 0.0) + float(population)
    return max(cumuls, key=lambda d: (cumuls[d], d)) if cumuls else ""


def _ligne(
    magasin: Magasin,
    quoi: Indicateur,
    communes: Sequence[str],
    epci: Sequence[str],
    departement: str,
    region: str,
) -> LignePortrait:
    valeur = magasin.valeurs(communes, epci, quoi.code)
    if quoi.nature in NATURES_NON_COMPARABLES:
        return LignePortrait(quoi, valeur, None, None, None, None)
    reperes = [magasin.comparaison(n, quoi) for n in (f"dep:{departement}", f"reg:{region}", FRANCE)]
    rang = _rang(magasin, quoi.code, epci[0]) if len(epci) == 1 and valeur.valeur is not None else None
    return LignePortrait(quoi, valeur, reperes[0], reperes[1], reperes[2], rang)


def _rang(magasin: Magasin, code: str, siren: str) -> Rang | None:
    rang, sur = (
        magasin.rangs_epci.valeur(siren, f"{code}.rang"),
        magasin.rangs_epci.valeur(siren, f"{code}.sur"),
    )
    if rang is None or sur is None or sur < RANG_MINIMUM:
        return None
    return Rang(int(rang), int(sur))
