"""Territoires jumeaux: the EPCI of France nearest to a territory (docs/algorithmes/jumeaux.md).

    d(a, b) = √( Σ w·(z_a − z_b)² / Σ w )      over the dimensions known on both sides

z: the value standardised on all the EPCI of the store, brought back to ± `borne`. A pair that shares less
than `couverture_minimale` of the weights is not compared. No I/O beyond the open store; no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.derivation import Colonne
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.valeurs_epci import ValeursEpci, valeurs_epci

CHEMIN = Path(__file__).with_name("jumeaux.yaml")
EPCI_MINIMUM = 10
"""Under this number of EPCI, a mean and a deviation say nothing: no twin is given."""
RAPPROCHENT, ELOIGNENT = 3, 2
ECART_SENSIBLE = 0.5
"""A weighed gap, in standard deviations, from which two territories are said apart on a dimension."""
FORMES = frozenset({"", "log"})


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing the territories are compared on."""

    indicateur: str
    libelle: str
    poids: float
    colonne: str = ""
    forme: str = ""


@dataclass(frozen=True, slots=True)
class Regle:
    couverture_minimale: float
    borne: float
    nombre: int
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Jumeau:
    """A near EPCI: what brings it close (both unusual in the same way) and what keeps it apart.

    `couverture`: share of the weights that could be compared, 0 to 1.
    """

    siren: str
    distance: float
    couverture: float
    rapprochent: tuple[str, ...]
    eloignent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Jumeaux:
    """The nearest first. `motif` says why there is none; `sans` names what this territory could not give."""

    proches: tuple[Jumeau, ...] = ()
    compares: int = 0
    sans: tuple[str, ...] = ()
    motif: str = ""

    @property
    def sirens(self) -> tuple[str, ...]:
        return tuple(j.siren for j in self.proches)


@cache
def regle() -> Regle:
    """The rule read from jumeaux.yaml. ValueError when it is wrong: the message says where."""
    brut: dict[str, Any] = yaml.load(CHEMIN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return lire_regle(brut)


def lire_regle(brut: dict[str, Any]) -> Regle:
    dimensions = tuple(Dimension(**d) for d in brut["dimensions"])
    for d in dimensions:
        if d.indicateur not in catalogue().indicateurs:
            raise ValueError(f"Jumeaux : l’indicateur « {d.indicateur} » n’est pas dans le catalogue.")
        if d.poids <= 0 or d.forme not in FORMES:
            raise ValueError(f"Jumeaux : poids ou forme impossible pour « {d.indicateur} ».")
    return Regle(float(brut["couverture_minimale"]), float(brut["borne"]), int(brut["nombre"]), dimensions)


def jumeaux(
    magasin: Magasin, communes: Sequence[str], epci: Sequence[str], *, nombre: int | None = None
) -> Jumeaux:
    """The nearest EPCI of the store, the members of the territory left out.

    One EPCI is placed by its published figures; several, or a part of one, by their recomputed values: what
    cannot be recomputed (a median) is left out of the distance and named in `sans`.
    """
    ou = valeurs_epci(magasin)
    table = _centrer(ou)
    ici = _placer(ou, table, communes, epci)
    manquent = tuple(d.libelle for d, z in zip(regle().dimensions, ici, strict=True) if np.isnan(z))
    if len(ou.sirens) < EPCI_MINIMUM:
        return Jumeaux(motif=f"Il faut au moins {EPCI_MINIMUM} intercommunalités pour chercher des jumeaux.")
    poids = np.array([d.poids for d in regle().dimensions])
    if poids[~np.isnan(ici)].sum() < regle().couverture_minimale * poids.sum():
        return Jumeaux(
            sans=manquent,
            motif="Trop de valeurs manquent sur ce périmètre pour lui chercher des territoires jumeaux.",
        )
    ecarts = table.z - ici[:, None]
    communs = ~np.isnan(ecarts)
    partage = (communs * poids[:, None]).sum(axis=0)
    carres = np.where(communs, ecarts, 0.0) ** 2 * poids[:, None]
    admis = (partage >= regle().couverture_minimale * poids.sum()) & ~np.isin(ou.sirens, list(epci))
    distances = np.where(admis, np.sqrt(carres.sum(axis=0) / np.where(partage > 0, partage, 1.0)), np.inf)
    ordre = np.lexsort((np.array(ou.sirens), distances))[: nombre or regle().nombre]
    proches = tuple(
        _jumeau(ou.sirens[i], float(distances[i]), float(partage[i] / poids.sum()), ici, ecarts[:, i])
        for i in ordre
        if np.isfinite(distances[i])
    )
    return Jumeaux(proches, int(admis.sum()), manquent)


@dataclass(frozen=True, slots=True)
class _Table:
    """z-scores (dimensions × EPCI), with what brings any value to the same scale."""

    z: NDArray[np.float64]
    moyennes: Colonne
    ecarts_types: Colonne


_tables: list[tuple[ValeursEpci, _Table]] = []


def _centrer(ou: ValeursEpci) -> _Table:
    """Kept with the matrix it comes from."""
    for connue, table in _tables:
        if connue is ou:
            return table
    brutes = np.array([_forme(_brute(ou, d), d) for d in regle().dimensions])
    moyennes, ecarts = np.full(len(brutes), np.nan), np.full(len(brutes), np.nan)
    for i, ligne in enumerate(brutes):
        lues = ligne[~np.isnan(ligne)]
        if lues.size >= EPCI_MINIMUM and lues.std() > 0:
            moyennes[i], ecarts[i] = lues.mean(), lues.std()
    z = np.clip((brutes - moyennes[:, None]) / ecarts[:, None], -regle().borne, regle().borne)
    _tables.insert(0, (ou, _Table(z, moyennes, ecarts)))
    del _tables[2:]
    return _tables[0][1]


def _brute(ou: ValeursEpci, d: Dimension) -> Colonne:
    if d.colonne and ou.magasin.epci.colonne(d.colonne) is not None:
        return ou.publiee(d.colonne)
    return ou.colonne(catalogue().indicateurs[d.indicateur])


def _forme(valeurs: Colonne, d: Dimension) -> Colonne:
    if d.forme != "log":
        return valeurs
    logs: Colonne = np.log(np.where(valeurs > 0, valeurs, np.nan))
    return logs


def _placer(ou: ValeursEpci, table: _Table, communes: Sequence[str], epci: Sequence[str]) -> Colonne:
    """The z-scores of the territory: its column when it is an EPCI of the table, else its own values."""
    if len(epci) == 1 and epci[0] in ou.rangs:
        colonne: Colonne = table.z[:, ou.rangs[epci[0]]]
        return colonne
    lues = []
    for d in regle().dimensions:
        valeur = ou.magasin.valeurs(communes, epci, d.indicateur).valeur
        lues.append(_forme(np.array([np.nan if valeur is None else valeur]), d)[0])
    z = (np.array(lues) - table.moyennes) / table.ecarts_types
    place: Colonne = np.clip(z, -regle().borne, regle().borne)
    return place


def _jumeau(siren: str, distance: float, couverture: float, ici: Colonne, ecarts: Colonne) -> Jumeau:
    """Close: far from the mean here, and not far from each other. Apart: the widest weighed gaps."""
    noms = [d.libelle for d in regle().dimensions]
    poids = np.array([d.poids for d in regle().dimensions])
    traits = np.nan_to_num(np.abs(ici) - np.abs(ecarts), nan=-np.inf)
    loin = np.nan_to_num(np.abs(ecarts) * np.sqrt(poids), nan=-np.inf)
    rapprochent = tuple(noms[i] for i in np.argsort(-traits)[:RAPPROCHENT] if traits[i] > 0)
    autres = [i for i in np.argsort(-loin) if loin[i] > ECART_SENSIBLE and noms[i] not in rapprochent]
    eloignent = tuple(noms[i] for i in autres[:ELOIGNENT])
    return Jumeau(siren, round(distance, 3), round(couverture, 3), rapprochent, eloignent)
