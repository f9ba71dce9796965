"""How late payments really are, and what that makes of those planned: an empirical distribution, no law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import quantiles

from arpent.metier.argent import ZERO, partager

OBSERVES_MIN = 8
"""Below that number of observed payments: no correction, no interval (working value)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A payment already made: the day it was planned and the day it was paid."""

    prevu_le: date
    paye_le: date

    @property
    def retard(self) -> int:
        return (self.paye_le - self.prevu_le).days


@dataclass(frozen=True, slots=True)
class Glissement:
    """Delays observed, in days, in order; `methode`: one French sentence that says on what it rests."""

    retards: tuple[int, ...]
    methode: str

    @property
    def corrige(self) -> bool:
        return len(self.retards) >= OBSERVES_MIN

    @property
    def scenarios(self) -> tuple[int, ...]:
        """The slips to try, of equal weight; none observed enough: the planned days."""
        return self.retards if self.corrige else (0,)


@dataclass(frozen=True, slots=True)
class Paiement:
    """A payment left to make."""

    le: date
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Attendu:
    """Expected payments of one year; `bas`, `haut` None: too little was observed for an interval."""

    annee: int
    montant: Decimal
    bas: Decimal | None = None
    haut: Decimal | None = None


def observer(observations: Sequence[Observation]) -> Glissement:
    retards = tuple(sorted(o.retard for o in observations))
    n = len(retards)
    if n < OBSERVES_MIN:
        combien = f"il y en a {n}" if n else "il n’y en a aucun"
        return Glissement(
            retards,
            f"Dates prévues, sans correction ni intervalle\u00a0: il faut {OBSERVES_MIN} versements "
            f"observés, {combien}.",
        )
    bas, *_, haut = (round(q) for q in quantiles(retards, n=5, method="inclusive"))
    return Glissement(
        retards,
        f"Retards observés sur {n} versements\u00a0: médiane {_mediane(retards)} jours, du premier au "
        f"dernier cinquième {bas} à {haut} jours. Chaque retard observé est un scénario où tous les "
        "versements glissent ensemble.",
    )


def _mediane(retards: Sequence[int]) -> int:
    milieu = len(retards) // 2
    return retards[milieu] if len(retards) % 2 else round((retards[milieu - 1] + retards[milieu]) / 2)


def projeter(paiements: Sequence[Paiement], glissement: Glissement, today: date) -> tuple[Attendu, ...]:
    """What is expected each year, together the sum of `paiements` to the cent; years in order."""
    total = sum((p.montant for p in paiements), ZERO)
    if not total:
        return ()
    essais = [_par_annee(paiements, retard, today) for retard in glissement.scenarios]
    annees = sorted({annee for essai in essais for annee in essai})
    sommes = {str(a): sum((essai.get(a, ZERO) for essai in essais), ZERO) for a in annees}
    moyennes = partager(total, sommes)
    lues = []
    for annee in annees:
        montant = moyennes[str(annee)]
        bas, haut = _intervalle([essai.get(annee, ZERO) for essai in essais], montant, glissement)
        lues.append(Attendu(annee, montant, bas, haut))
    return tuple(lues)


def _par_annee(paiements: Sequence[Paiement], retard: int, today: date) -> dict[int, Decimal]:
    """The payments that all slip by `retard` days, none before today."""
    essai: dict[int, Decimal] = {}
    for p in paiements:
        annee = max(p.le + timedelta(days=retard), today).year
        essai[annee] = essai.get(annee, ZERO) + p.montant
    return essai


def _intervalle(
    montants: Sequence[Decimal], attendu: Decimal, glissement: Glissement
) -> tuple[Decimal | None, Decimal | None]:
    if not glissement.corrige:
        return None, None
    bas, *_, haut = quantiles(montants, n=5, method="inclusive")
    centime = Decimal("0.01")
    return min(bas.quantize(centime), attendu), max(haut.quantize(centime), attendu)
