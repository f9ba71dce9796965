"""The problem as a linear model in thousands of euros: columns, rows, costs. Nothing here solves it.

For each project and possible year, one binary column (kept that year); for a project whose aid may vary, one
more column, the aid above its floor. The sharing objectives add a pair of columns per gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .mesures import points
from .probleme import DE_PARTAGE, Candidat, Contrainte, Minimum, Nombre, Objectif, Paiements, Probleme
from .solution import Choix

Reels = NDArray[np.float64]
Entiers = NDArray[np.int64]
MILLIER = 1_000.0
INFINI = float("inf")
_CENT = Decimal("0.01")


@dataclass(slots=True)
class Rangees:
    """Rows being built, in compressed form."""

    bas: list[float] = field(default_factory=list)
    haut: list[float] = field(default_factory=list)
    debuts: list[int] = field(default_factory=lambda: [0])
    colonnes: list[Entiers] = field(default_factory=list)
    valeurs: list[Reels] = field(default_factory=list)

    def ajouter(self, bas: float, haut: float, colonnes: Entiers, valeurs: Reels) -> None:
        gardees = valeurs != 0
        self.bas.append(bas)
        self.haut.append(haut)
        self.colonnes.append(colonnes[gardees].astype(np.int64))
        self.valeurs.append(valeurs[gardees])
        self.debuts.append(self.debuts[-1] + int(gardees.sum()))


@dataclass(frozen=True, slots=True)
class Modele:
    """Columns: the pairs (project, year) first, then the amounts above the floors, then the gaps.

    `paires`: index of the project and year of each binary column; `extra[j]`: the column of the amount above
    the floor of pair j (-1 when the aid does not vary). `premiere_commune`: the
    first row that several projects share. `couts`: one vector per objective, to be maximised.
    """

    candidats: tuple[Candidat, ...]
    projet: Entiers
    annee: Entiers
    extra: Entiers
    borne_basse: Reels
    borne_haute: Reels
    rangees: Rangees
    premiere_commune: int
    couts: Mapping[Objectif, Reels]

    @property
    def paires(self) -> int:
        return len(self.projet)

    @property
    def colonnes(self) -> int:
        return len(self.borne_basse)

    def decoder(self, x: Reels) -> dict[str, Choix]:
        """The choices of a solution whose pairs are (nearly) 0 or 1, amounts cut down to the cent."""
        choix: dict[str, Choix] = {}
        for j in np.flatnonzero(x[: self.paires] > 1 - 1e-5):
            c = self.candidats[self.projet[j]]
            aide = c.plancher
            if (e := self.extra[j]) >= 0:
                plus = Decimal(float(x[e]) * MILLIER + 1e-6).quantize(_CENT, ROUND_FLOOR)
                aide = min(c.aide_max, max(aide, aide + plus))
            choix[c.identifiant] = Choix(aide, int(self.annee[j]))
        return choix


def _colonnes(probleme: Probleme) -> tuple[tuple[Candidat, ...], Entiers, Entiers, Entiers]:
    candidats = tuple(c for c in probleme.candidats if c.impose is not False)
    paires = [(i, annee) for i, c in enumerate(candidats) for annee in c.annees]
    projet = np.array([i for i, _ in paires], dtype=np.int64)
    annee = np.array([a for _, a in paires], dtype=np.int64)
    modulable = np.array([candidats[i].modulable for i in projet], dtype=bool)
    extra = np.full(len(paires), -1, dtype=np.int64)
    extra[modulable] = len(paires) + np.arange(int(modulable.sum()))
    return candidats, projet, annee, extra


def construire(probleme: Probleme) -> Modele:
    """Every row and every cost. Linear in the number of pairs for each constraint."""
    candidats, projet, annee, extra = _colonnes(probleme)
    n_paires, n_base = len(projet), len(projet) + int((extra >= 0).sum())
    partages = [o for o in probleme.objectifs if o in DE_PARTAGE]
    plancher = np.array([float(c.plancher) for c in candidats])[projet] / MILLIER
    plus = np.array([float(c.aide_max - c.plancher) for c in candidats])[projet] / MILLIER
    haute = np.ones(n_base)
    haute[extra[extra >= 0]] = plus[extra >= 0]
    rangees = Rangees()
    _un_choix_par_projet(rangees, candidats, projet)
    for j in np.flatnonzero(extra >= 0):  # nothing above the floor of a project that is not kept
        rangees.ajouter(-INFINI, 0.0, np.array([extra[j], j]), np.array([1.0, -plus[j]]))
    premiere_commune = len(rangees.bas)
    for contrainte in probleme.contraintes:
        _contraindre(rangees, contrainte, candidats, projet, annee, extra, plancher)
    couts: dict[Objectif, Reels] = {}
    ecarts: list[tuple[Objectif, Entiers, Reels]] = []
    for partage in partages:
        formes = _ecarts(partage, probleme, candidats, projet, annee, extra, plancher)
        ecarts += [(partage, *forme) for forme in formes]
    n = n_base + 2 * len(ecarts)
    for objectif in probleme.objectifs:
        couts[objectif] = np.zeros(n)
    for rang, (objectif, colonnes, valeurs) in enumerate(ecarts):
        deux = np.array([n_base + 2 * rang, n_base + 2 * rang + 1])
        rangees.ajouter(0.0, 0.0, np.concatenate([colonnes, deux]), np.concatenate([valeurs, [-1.0, 1.0]]))
        couts[objectif][deux] = -1.0
    _payer_le_choix(couts, probleme, candidats, projet, extra, plancher)
    borne_haute = np.concatenate([haute, np.full(n - n_base, INFINI)])
    borne_basse = np.zeros(n)
    seules = np.bincount(projet, minlength=len(candidats))[projet] == 1
    imposes = np.array([c.impose is True for c in candidats], dtype=bool)[projet]
    borne_basse[:n_paires][seules & imposes] = 1.0
    return Modele(candidats, projet, annee, extra, borne_basse, borne_haute, rangees, premiere_commune, couts)


def _un_choix_par_projet(rangees: Rangees, candidats: Sequence[Candidat], projet: Entiers) -> None:
    debuts = np.concatenate([[0], np.flatnonzero(np.diff(projet)) + 1, [len(projet)]])
    for debut, fin in pairwise(debuts.tolist()):
        if fin - debut > 1:
            impose = candidats[projet[debut]].impose is True
            rangees.ajouter(1.0 if impose else -INFINI, 1.0, np.arange(debut, fin), np.ones(fin - debut))


def _contraindre(
    rangees: Rangees, k: Contrainte, candidats: Sequence[Candidat],
    projet: Entiers, annee: Entiers, extra: Entiers, plancher: Reels,
) -> None:  # fmt: skip
    prend = np.array([k.portee.prend(c) for c in candidats], dtype=bool)[projet]
    prend &= np.array([k.portee.prend_annee(a) for a in sorted(set(annee.tolist()))], dtype=bool)[
        np.searchsorted(np.unique(annee), annee)
    ]
    paires = np.flatnonzero(prend)
    if isinstance(k, Nombre):
        haut = INFINI if k.maximum is None else float(k.maximum)
        rangees.ajouter(float(k.minimum), haut, paires, np.ones(len(paires)))
        return
    parts = np.ones(len(paires))
    if isinstance(k, Paiements):
        par_an = {a: float(k.part(a)) for a in set(annee.tolist())}
        parts = np.array([par_an[a] for a in annee[paires].tolist()])
    varie = extra[paires] >= 0
    colonnes = np.concatenate([paires, extra[paires][varie]])
    valeurs = np.concatenate([plancher[paires] * parts, parts[varie]])
    if isinstance(k, Minimum):
        rangees.ajouter(_a_atteindre(k, candidats), INFINI, colonnes, valeurs)
        return
    rangees.ajouter(-INFINI, float(k.montant) / MILLIER, colonnes, valeurs)


def _a_atteindre(k: Minimum, candidats: Sequence[Candidat]) -> float:
    """In thousands. Amounts that vary are cut down to the cent: two cents more, as far as they go."""
    pris = [c for c in candidats if k.portee.prend(c)]
    if not any(c.modulable for c in pris):
        return float(k.montant) / MILLIER
    possible = sum((c.aide_max for c in pris), Decimal(0))
    return float(max(k.montant, min(k.montant + 2 * _CENT, possible))) / MILLIER


def _aide(ou: Entiers, poids: Reels, extra: Entiers, plancher: Reels) -> tuple[Entiers, Reels]:
    """The aid of those pairs as a linear form, each multiplied by its weight."""
    varie = extra[ou] >= 0
    return (
        np.concatenate([ou, extra[ou][varie]]),
        np.concatenate([plancher[ou] * poids, poids[varie]]),
    )


def _ecarts(
    objectif: Objectif, probleme: Probleme, candidats: Sequence[Candidat],
    projet: Entiers, annee: Entiers, extra: Entiers, plancher: Reels,
) -> list[tuple[Entiers, Reels]]:  # fmt: skip
    """One linear form per gap: what a year, or a group, has above its due."""
    toutes = np.arange(len(projet))
    if objectif is Objectif.LISSAGE:
        annees = probleme.annees
        return [_aide(toutes, (annee == a).astype(float) - 1 / len(annees), extra, plancher) for a in annees]
    formes = []
    lieux = np.array([c.territoire for c in candidats], dtype=object)[projet]
    for classe in sorted({g.classe for g in probleme.groupes}):
        groupes = [g for g in probleme.groupes if g.classe == classe]
        population = sum(g.population for g in groupes)
        if not population:
            continue
        ou = np.flatnonzero(np.isin(lieux, [g.code for g in groupes]))
        for g in groupes:
            poids = (lieux[ou] == g.code).astype(float) - g.population / population
            formes.append(_aide(ou, poids, extra, plancher))
    return formes


def _payer_le_choix(
    couts: dict[Objectif, Reels], probleme: Probleme, candidats: Sequence[Candidat],
    projet: Entiers, extra: Entiers, plancher: Reels,
) -> None:  # fmt: skip
    n = len(projet)
    if Objectif.TRAVAUX in couts:
        couts[Objectif.TRAVAUX][:n] = np.array([float(c.cout) for c in candidats])[projet] / MILLIER
    if Objectif.CLASSEMENT in couts:
        rang = points(probleme)
        poids = np.array([float(rang[c.identifiant]) for c in candidats])[projet]
        colonnes, valeurs = _aide(np.arange(n), poids, extra, plancher)
        couts[Objectif.CLASSEMENT][colonnes] = valeurs
