"""What a weight decides: the share of territories that change class when each weight moves by ±20 %.

Vectorised: the indicators are normalised once, each trial is a few products of arrays. A trial gives exactly
the classes that `noter` would give to the model with that weight (a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from arpent.metier.vulnerabilite.composition import classer
from arpent.metier.vulnerabilite.modele import (
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Orientation,
    RegleComposition,
)
from arpent.metier.vulnerabilite.normalisation import normaliser
from arpent.metier.vulnerabilite.notation import PRECISION, Notes

AMPLITUDE = 0.2
NON_CLASSE = -1
Reels = NDArray[np.float64]
Entiers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Essai:
    """One weight moved. `part`: of the classed territories that change; `ici`: class of the one read."""

    cible: str
    libelle: str
    hausse: bool
    part: float
    changent: tuple[str, ...]
    ici: str | None

    @property
    def nombre(self) -> int:
        return len(self.changent)


@dataclass(frozen=True, slots=True)
class Sensibilite:
    """`classes`: class by territory as the model stands; `ici`: the class of the territory read."""

    essais: tuple[Essai, ...]
    classes: Mapping[str, str | None]
    ici: str | None
    amplitude: float = AMPLITUDE

    @property
    def instables(self) -> frozenset[str]:
        """Territories that change class in one trial at least."""
        return frozenset(t for e in self.essais for t in e.changent)

    @property
    def part_stable(self) -> float:
        """Share of the classed territories that keep their class in every trial."""
        classes = sum(c is not None for c in self.classes.values())
        return 1 - len(self.instables) / classes if classes else 1.0

    @property
    def defaites(self) -> tuple[Essai, ...]:
        """The trials in which the territory read leaves its class."""
        return tuple(e for e in self.essais if e.ici != self.ici)


class _Donnees:
    """The model and its territories as arrays."""

    def __init__(self, modele: Modele, valeurs: Mapping[str, Mapping[str, float | None]]) -> None:
        self.modele = modele
        self.territoires = list(valeurs)
        self.normalisees = np.full((len(valeurs), len(modele.indicateurs)), np.nan)
        for colonne, indicateur in enumerate(modele.indicateurs):
            connues = {
                t: v
                for t, ligne in valeurs.items()
                if (v := ligne.get(indicateur.code)) is not None and isfinite(v)
            }
            lues = normaliser(connues, indicateur, modele.normalisation, modele.orientation)
            self.normalisees[:, colonne] = [lues.get(t, np.nan) for t in self.territoires]
        rangs = {f.code: r for r, f in enumerate(modele.familles)}
        self.famille_de: Entiers = np.array([rangs[i.famille] for i in modele.indicateurs], dtype=np.intp)
        self.connus = np.where(np.isnan(self.normalisees), 0.0, 1.0)
        self.zeros = np.nan_to_num(self.normalisees)

    def scores(self, familles: Reels, indicateurs: Reels) -> Reels:
        """Score of each territory, NaN when its coverage is too small; same rule as `noter`."""
        appartient = np.equal.outer(self.famille_de, np.arange(len(familles))).astype(float)
        poids = self.connus * indicateurs
        par_famille = poids @ appartient
        presentes = np.where(par_famille > 0, familles, 0.0)
        total = presentes.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = np.where(par_famille > 0, presentes / total[:, None] / par_famille, 0.0)
            parts = np.nan_to_num(parts, posinf=0.0)
            pleine = appartient.T @ indicateurs
            theorique = np.where(pleine[self.famille_de] > 0, indicateurs / pleine[self.famille_de], 0.0)
            theorique = theorique * familles[self.famille_de]
        effectifs = poids * parts[:, self.famille_de]
        lus: Reels = np.round((self.zeros * effectifs).sum(axis=1), PRECISION)
        couverture = np.round((self.connus * theorique).sum(axis=1) / theorique.sum(), PRECISION)
        lus[(couverture < self.modele.couverture_minimale) | (couverture <= 0)] = np.nan
        return lus

    def bornes(self, scores: Reels) -> tuple[float | None, ...]:
        """Scores at which the classes begin, cut again for these scores."""
        seuils = self.modele.seuils
        if seuils is None:
            return ()
        if seuils.mode is ModeSeuils.FIXE:
            return seuils.valeurs
        connus = np.sort(scores[~np.isnan(scores)])
        ordonnes = connus[::-1] if self.modele.orientation is Orientation.HAUT else connus
        bornes: list[float | None] = []
        for valeur in seuils.valeurs:
            nombre = (
                valeur
                if seuils.mode is ModeSeuils.N_DERNIERS
                else round((1 - valeur) * len(connus), PRECISION)
            )
            retenus = min(int(nombre), len(ordonnes))
            bornes.append(float(ordonnes[retenus - 1]) if retenus else None)
        return tuple(bornes)

    def classes(self, scores: Reels, bornes: tuple[float | None, ...]) -> Entiers:
        """Rank of the class of each territory, −1 without score."""
        rangs = np.zeros(len(scores), dtype=np.intp)
        haut = self.modele.orientation is Orientation.HAUT
        with np.errstate(invalid="ignore"):
            for rang, borne in enumerate(bornes, start=1):
                if borne is not None:
                    rangs[scores >= borne if haut else scores <= borne] = rang
        rangs[np.isnan(scores)] = NON_CLASSE
        return rangs


def eprouver(
    modele: Modele,
    valeurs: Mapping[str, Mapping[str, float | None]],
    populations: Mapping[str, float] | None = None,
    amplitude: float = AMPLITUDE,
) -> Sensibilite:
    """Moves each weight up and down by `amplitude`; thresholds by share or by count are cut again each time.

    A weight alone in its family, or the only family, decides nothing and is not tried. `populations`: members
    of the territory whose class is followed. Raises ModeleInvalide when the model cannot be applied.
    """
    if not modele.est_applicable:
        raise ModeleInvalide(
            f"Le modèle « {modele.libelle} » n’a pas encore de poids ou de seuils : saisissez-les d’abord."
        )
    donnees = _Donnees(modele, valeurs)
    familles = np.array([f.poids or 0.0 for f in modele.familles], dtype=float)
    indicateurs = np.array([i.poids or 0.0 for i in modele.indicateurs], dtype=float)
    codes: list[str | None] = [*(c.code for c in modele.classes), None]
    depart, ici = _lire(donnees, familles, indicateurs, populations)
    classes = int((depart != NON_CLASSE).sum())
    essais = []
    for cible, libelle, hausse, f, i in _variantes(modele, familles, indicateurs, amplitude):
        rangs, ici_essai = _lire(donnees, f, i, populations)
        bouges = tuple(donnees.territoires[k] for k in np.flatnonzero(rangs != depart))
        part = len(bouges) / classes if classes else 0.0
        essais.append(Essai(cible, libelle, hausse, part, bouges, ici_essai))
    lus = {t: codes[rang] for t, rang in zip(donnees.territoires, depart.tolist(), strict=True)}
    return Sensibilite(tuple(essais), lus, ici, amplitude)


def _lire(
    donnees: _Donnees, familles: Reels, indicateurs: Reels, populations: Mapping[str, float] | None
) -> tuple[Entiers, str | None]:
    scores = donnees.scores(familles, indicateurs)
    bornes = donnees.bornes(scores)
    rangs = donnees.classes(scores, bornes)
    if not populations or donnees.modele.composition.regle is RegleComposition.AUCUNE:
        return rangs, None
    position = {t: r for r, t in enumerate(donnees.territoires)}
    lus = {t: float(scores[position[t]]) for t in populations if not np.isnan(scores[position[t]])}
    classe = classer(Notes(donnees.modele, (), bornes), lus, populations)[1]
    return rangs, classe.code if classe else None


def _variantes(
    modele: Modele, familles: Reels, indicateurs: Reels, amplitude: float
) -> Iterator[tuple[str, str, bool, Reels, Reels]]:
    """Target, label, up or down, family weights, indicator weights."""
    nombre = {
        f.code: sum(bool(i.poids) for i in modele.indicateurs if i.famille == f.code) for f in modele.familles
    }
    lourdes = [f.code for f in modele.familles if f.poids and nombre[f.code]]
    for rang, famille in enumerate(modele.familles):
        if famille.code in lourdes and len(lourdes) > 1:
            for hausse in (True, False):
                essai = familles.copy()
                essai[rang] *= 1 + amplitude if hausse else 1 - amplitude
                yield f"famille:{famille.code}", famille.libelle, hausse, essai, indicateurs
    for rang, indicateur in enumerate(modele.indicateurs):
        if indicateur.poids and indicateur.famille in lourdes and nombre[indicateur.famille] > 1:
            for hausse in (True, False):
                essai = indicateurs.copy()
                essai[rang] *= 1 + amplitude if hausse else 1 - amplitude
                yield f"indicateur:{indicateur.code}", indicateur.libelle, hausse, familles, essai
