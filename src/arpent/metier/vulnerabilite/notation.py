"""Scoring the territories, cutting them into classes and saying why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isfinite

from arpent.metier.vulnerabilite.modele import (
    Classe,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Orientation,
    Seuils,
)
from arpent.metier.vulnerabilite.normalisation import normaliser

PRECISION = 9  # decimals kept in a score, so that equal territories stay equal whatever the order of sums


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one indicator brings to the score: `apport` = `normalisee` × `poids`; they sum to the score.

    `poids` is the effective weight (the known weights sum to 1); a missing indicator has none.
    """

    indicateur: Indicateur
    valeur: float | None
    normalisee: float | None
    poids: float
    apport: float


@dataclass(frozen=True, slots=True)
class Note:
    """`rang` 1 is the most vulnerable. Without score, `motif` says why and the territory has no class."""

    territoire: str
    score: float | None
    rang: int | None
    classe: Classe | None
    couverture: float
    contributions: tuple[Contribution, ...]
    motif: str = ""

    @property
    def manquants(self) -> tuple[str, ...]:
        return tuple(c.indicateur.code for c in self.contributions if c.valeur is None)


@dataclass(frozen=True, slots=True)
class Notes:
    """`bornes` are the scores at which each class after the first begins (None: the class is empty)."""

    modele: Modele
    notes: tuple[Note, ...]
    bornes: tuple[float | None, ...]

    def de(self, territoire: str) -> Note:
        return next(n for n in self.notes if n.territoire == territoire)

    def classe_du_score(self, score: float) -> Classe:
        """The most vulnerable class whose boundary the score reaches."""
        atteintes = [
            i
            for i, borne in enumerate(self.bornes, start=1)
            if borne is not None and _depasse(score, borne, self.modele.orientation)
        ]
        return self.modele.classes[max(atteintes, default=0)]


def noter(modele: Modele, valeurs: Mapping[str, Mapping[str, float | None]]) -> Notes:
    """Score of each territory (key of `valeurs`) from its indicators; a missing value is None or absent.

    A missing indicator leaves its weight to the others of its family, a missing family to the other families;
    under the minimal coverage of the model, the territory is not scored. Raises ModeleInvalide when the model
    still has empty weights or thresholds.
    """
    if not modele.est_applicable or modele.seuils is None:
        raise ModeleInvalide(
            f"Le modèle « {modele.libelle} » n’a pas encore de poids ou de seuils : "
            "saisissez ceux de votre autorité."
        )
    normalisees = {
        i.code: normaliser(_connues(valeurs, i.code), i, modele.normalisation, modele.orientation)
        for i in modele.indicateurs
    }
    contributions = {t: _contributions(modele, t, valeurs[t], normalisees) for t in valeurs}
    couvertures = {t: _couverture(modele, contributions[t]) for t in valeurs}
    scores = {
        t: round(fsum(c.apport for c in contributions[t]), PRECISION)
        for t in valeurs
        if couvertures[t] >= modele.couverture_minimale and couvertures[t] > 0
    }
    rangs = _rangs(scores, modele.orientation)
    bornes = _bornes(modele.seuils, scores, rangs, modele.orientation)
    sans_notes = Notes(modele, (), bornes)
    notes = tuple(
        Note(
            territoire=t,
            score=scores.get(t),
            rang=rangs.get(t),
            classe=sans_notes.classe_du_score(scores[t]) if t in scores else None,
            couverture=couvertures[t],
            contributions=contributions[t],
            motif="" if t in scores else _motif(contributions[t]),
        )
        for t in valeurs
    )
    return Notes(modele, notes, bornes)


def _connues(valeurs: Mapping[str, Mapping[str, float | None]], code: str) -> dict[str, float]:
    lues = {t: ligne.get(code) for t, ligne in valeurs.items()}
    return {t: v for t, v in lues.items() if v is not None and isfinite(v)}


def _contributions(
    modele: Modele,
    territoire: str,
    valeurs: Mapping[str, float | None],
    normalisees: Mapping[str, Mapping[str, float]],
) -> tuple[Contribution, ...]:
    connus = [i for i in modele.indicateurs if territoire in normalisees[i.code] and (i.poids or 0) > 0]
    par_famille = {f.code: fsum(i.poids or 0 for i in connus if i.famille == f.code) for f in modele.familles}
    total = fsum((f.poids or 0) for f in modele.familles if par_famille[f.code] > 0)
    poids_familles = {f.code: f.poids or 0 for f in modele.familles}
    resultat = []
    for indicateur in modele.indicateurs:
        normalisee = normalisees[indicateur.code].get(territoire)
        poids = 0.0
        if indicateur in connus and total > 0:
            dans_famille = (indicateur.poids or 0) / par_famille[indicateur.famille]
            poids = poids_familles[indicateur.famille] / total * dans_famille
        apport = (normalisee or 0) * poids
        valeur = valeurs.get(indicateur.code) if normalisee is not None else None
        resultat.append(Contribution(indicateur, valeur, normalisee, poids, apport))
    return tuple(resultat)


def _couverture(modele: Modele, contributions: Sequence[Contribution]) -> float:
    """Share of the weights of the model whose indicator is known."""
    poids_familles = {f.code: f.poids or 0 for f in modele.familles}
    totaux = {
        f.code: fsum(i.poids or 0 for i in modele.indicateurs if i.famille == f.code) for f in modele.familles
    }
    connue = totale = 0.0
    for contribution in contributions:
        indicateur = contribution.indicateur
        if totaux[indicateur.famille] == 0:
            continue
        poids = poids_familles[indicateur.famille] * (indicateur.poids or 0) / totaux[indicateur.famille]
        totale += poids
        if contribution.normalisee is not None:
            connue += poids
    return round(connue / totale, PRECISION) if totale else 0.0


def _motif(contributions: Sequence[Contribution]) -> str:
    manquants = ", ".join(c.indicateur.libelle for c in contributions if c.normalisee is None)
    return f"Non classé : trop d’indicateurs manquent ({manquants})."


def _depasse(score: float, borne: float, orientation: Orientation) -> bool:
    """At least as vulnerable as the boundary."""
    return score >= borne if orientation is Orientation.HAUT else score <= borne


def _rangs(scores: Mapping[str, float], orientation: Orientation) -> dict[str, int]:
    """1 for the most vulnerable; equal scores share the better rank (1, 2, 2, 4)."""
    ordonnes = sorted(scores.values(), reverse=orientation is Orientation.HAUT)
    premiers: dict[float, int] = {}
    for position, score in enumerate(ordonnes, start=1):
        premiers.setdefault(score, position)
    return {t: premiers[s] for t, s in scores.items()}


def _bornes(
    seuils: Seuils, scores: Mapping[str, float], rangs: Mapping[str, int], orientation: Orientation
) -> tuple[float | None, ...]:
    """Boundary scores. Equal scores always share a class: a tie goes to the more vulnerable one."""
    if seuils.mode is ModeSeuils.FIXE:
        return tuple(seuils.valeurs)
    bornes: list[float | None] = []
    for valeur in seuils.valeurs:
        nombre = (
            valeur if seuils.mode is ModeSeuils.N_DERNIERS else round((1 - valeur) * len(scores), PRECISION)
        )
        retenus = [scores[t] for t, rang in rangs.items() if rang <= nombre]
        bornes.append(
            None if not retenus else min(retenus) if orientation is Orientation.HAUT else max(retenus)
        )
    return tuple(bornes)
