"""The portrait of a territory: every indicator by family, beside the places it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from arpent.plateforme.observatoire.calcul import ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import Indicateur, catalogue
from arpent.plateforme.observatoire.magasin import FRANCE, Magasin
from arpent.plateforme.observatoire.valeurs_epci import LIBELLES_DENSITE, valeurs_epci

RANG_MINIMUM = 3
"""Under this number of EPCI, a rank says nothing."""
JUMEAUX_MINIMUM = 3
"""Under this number of twins with a value, no median is given."""
GARDES = 32
"""Portraits that a process keeps: the pages of a territory are read one after the other."""

NATURES_NON_COMPARABLES = frozenset({"effectif"})
"""A head count is compared with nothing: only ratios are."""


@dataclass(frozen=True, slots=True)
class Rang:
    """1 = the highest value among the `sur` EPCI that have one, the territory included."""

    rang: int
    sur: int


@dataclass(frozen=True, slots=True)
class LignePortrait:
    """One indicator and its peers. `jumeaux`: the median of the values of the twins (of values, not of
    people: the median of their medians is never said to be a median of inhabitants)."""

    indicateur: Indicateur
    valeur: ValeurIndicateur
    departement: float | None
    region: float | None
    france: float | None
    rang: Rang | None
    jumeaux: float | None = None
    rang_jumeaux: Rang | None = None
    rang_densite: Rang | None = None


@dataclass(frozen=True, slots=True)
class Famille:
    code: str
    libelle: str
    lignes: tuple[LignePortrait, ...]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The rows of the EPCI matrix that a territory is ranked among."""

    densite: NDArray[np.intp]
    jumeaux: NDArray[np.intp]


def portrait(
    magasin: Magasin,
    codes_communes: Sequence[str],
    epci: Sequence[str],
    *,
    departement: str | None = None,
    familles: Sequence[str] | None = None,
    pairs: Sequence[str] = (),
) -> tuple[Famille, ...]:
    """All families (or those asked). `departement` compares; by default, where most inhabitants live.

    `pairs`: the EPCI (SIREN) whose median is shown beside, in general the twins. One gather of each column,
    no query; about 5 ms for a hundred indicators, once: a store does not change, its portraits are kept.
    """
    ou = departement or departement_principal(magasin, codes_communes)
    voulues = tuple(catalogue().familles if familles is None else familles)
    return _portrait(magasin, tuple(codes_communes), tuple(epci), ou, voulues, tuple(pairs))


@lru_cache(maxsize=GARDES)
def _portrait(
    magasin: Magasin,
    communes: tuple[str, ...],
    epci: tuple[str, ...],
    ou: str,
    voulues: tuple[str, ...],
    pairs: tuple[str, ...],
) -> tuple[Famille, ...]:
    region = magasin.manifeste["regions"].get(ou, "")
    table = catalogue()
    parmi = _pairs(magasin, epci, pairs)
    return tuple(
        Famille(
            code,
            table.familles[code],
            tuple(
                _ligne(magasin, quoi, communes, epci, ou, region, parmi)
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


def libelle_densite(magasin: Magasin, epci: Sequence[str]) -> str:
    """« rurales », « denses »…: the class of density of one EPCI; empty for a group or when not published."""
    classe = valeurs_epci(magasin).densite(epci[0]) if len(epci) == 1 else None
    return LIBELLES_DENSITE.get(classe or 0, "")


def _pairs(magasin: Magasin, epci: Sequence[str], pairs: Sequence[str]) -> _Pairs:
    """A group of EPCI has no class of density; a member is never its own peer."""
    ou = valeurs_epci(magasin)
    jumeaux = [ou.rangs[s] for s in dict.fromkeys(pairs) if s in ou.rangs and s not in epci]
    classe = ou.densite(epci[0]) if len(epci) == 1 else None
    densite = np.flatnonzero(ou.de_densite(classe)) if classe else np.empty(0, dtype=np.intp)
    if len(epci) == 1 and epci[0] in ou.rangs:
        densite = densite[densite != ou.rangs[epci[0]]]
    return _Pairs(densite, np.array(jumeaux, dtype=np.intp))


def _ligne(
    magasin: Magasin,
    quoi: Indicateur,
    communes: Sequence[str],
    epci: Sequence[str],
    departement: str,
    region: str,
    parmi: _Pairs,
) -> LignePortrait:
    valeur = magasin.valeurs(communes, epci, quoi.code)
    if quoi.nature in NATURES_NON_COMPARABLES:
        return LignePortrait(quoi, valeur, None, None, None, None)
    reperes = [magasin.comparaison(n, quoi) for n in (f"dep:{departement}", f"reg:{region}", FRANCE)]
    rang = _rang(magasin, quoi.code, epci[0]) if len(epci) == 1 and valeur.valeur is not None else None
    lues = valeurs_epci(magasin).colonne(quoi)
    jumeaux = lues[parmi.jumeaux]
    jumeaux = jumeaux[~np.isnan(jumeaux)]
    return LignePortrait(
        quoi,
        valeur,
        reperes[0],
        reperes[1],
        reperes[2],
        rang,
        float(np.median(jumeaux)) if jumeaux.size >= JUMEAUX_MINIMUM else None,
        _rang_parmi(valeur.valeur, jumeaux),
        _rang_parmi(valeur.valeur, lues[parmi.densite]),
    )


def _rang(magasin: Magasin, code: str, siren: str) -> Rang | None:
    rang, sur = (
        magasin.rangs_epci.valeur(siren, f"{code}.rang"),
        magasin.rangs_epci.valeur(siren, f"{code}.sur"),
    )
    if rang is None or sur is None or sur < RANG_MINIMUM:
        return None
    return Rang(int(rang), int(sur))


def _rang_parmi(valeur: float | None, autres: NDArray[np.float64]) -> Rang | None:
    """The rank among these peers and itself; None when too few of them have a value."""
    connues = autres[~np.isnan(autres)]
    if valeur is None or connues.size + 1 < RANG_MINIMUM:
        return None
    return Rang(1 + int((connues > valeur).sum()), int(connues.size) + 1)
