"""How far the works have come: weighted milestones, the climb of a rate by cost, what is late.

A rate keeps its numerator and its denominator, so that a group of projects is recomputed, never averaged.
The rules and a worked table are in docs/algorithmes/avancement.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO

UN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Jalon:
    """One milestone: its weight (more than 0), the day it is planned for, the day it was reached."""

    cle: int
    libelle: str
    poids: int
    prevu_le: date | None = None
    atteint_le: date | None = None


@dataclass(frozen=True, slots=True)
class JalonType:
    """A milestone that a dispositif proposes."""

    libelle: str
    poids: int


@dataclass(frozen=True, slots=True)
class Projet:
    """A project followed: its cost in euros, its milestones, the day its works should end."""

    cle: int
    cout: Decimal
    jalons: tuple[Jalon, ...] = ()
    fin_le: date | None = None


@dataclass(frozen=True, slots=True)
class Taux:
    """`fait` out of `total`; without a total there is no rate (None), not zero."""

    fait: Decimal = ZERO
    total: Decimal = ZERO

    @property
    def valeur(self) -> Decimal | None:
        """From 0 to 1, not rounded."""
        return self.fait / self.total if self.total else None

    def __add__(self, autre: Taux) -> Taux:
        return Taux(self.fait + autre.fait, self.total + autre.total)


@dataclass(frozen=True, slots=True)
class Retard:
    """A milestone planned before today and not reached; `jalon` None: the end of the works is past."""

    jalon: Jalon | None
    prevu_le: date
    jours: int


@dataclass(frozen=True, slots=True)
class Ensemble:
    """A group of projects: its rate by cost, and the projects whose milestones nobody has written."""

    taux: Taux
    nombre: int
    sans_jalons: tuple[int, ...]


def avancement(jalons: Iterable[Jalon]) -> Taux:
    """Weight of the milestones reached out of the weight of all. ValueError: a weight of 0 or less."""
    fait = total = 0
    for jalon in jalons:
        if jalon.poids <= 0:
            raise ValueError(f"Le poids du jalon « {jalon.libelle} » doit être un nombre entier positif.")
        total += jalon.poids
        if jalon.atteint_le is not None:
            fait += jalon.poids
    return Taux(Decimal(fait), Decimal(total))


def avancement_en_euros(projet: Projet) -> Taux:
    """The share of its cost that the milestones reached stand for: a project without milestones counts for 0.

    Not rounded: only what is shown is.
    """
    taux = avancement(projet.jalons).valeur or ZERO
    return Taux(projet.cout * taux, projet.cout)


def monter(projets: Iterable[Projet]) -> Ensemble:
    """The rate of a group, each project weighing its cost; those of no cost weigh nothing."""
    lus = list(projets)
    return Ensemble(
        sum((avancement_en_euros(p) for p in lus), Taux()),
        len(lus),
        tuple(p.cle for p in lus if not p.jalons),
    )


def est_acheve(projet: Projet) -> bool:
    """Every milestone is reached."""
    return bool(projet.jalons) and avancement(projet.jalons).valeur == UN


def retards(projet: Projet, le: date) -> tuple[Retard, ...]:
    """What is late that day, the oldest first. The last day of a term is still in time."""
    lus = [
        Retard(j, j.prevu_le, (le - j.prevu_le).days)
        for j in projet.jalons
        if j.atteint_le is None and j.prevu_le is not None and j.prevu_le < le
    ]
    if not lus and projet.fin_le is not None and projet.fin_le < le and not est_acheve(projet):
        lus.append(Retard(None, projet.fin_le, (le - projet.fin_le).days))
    return tuple(sorted(lus, key=lambda r: (r.prevu_le, r.jalon.cle if r.jalon else 0)))


def prochain(jalons: Iterable[Jalon]) -> Jalon | None:
    """The first milestone not reached, in the order given."""
    return next((j for j in jalons if j.atteint_le is None), None)


def proposer_dates(debut: date | None, fin: date | None, poids: Iterable[int]) -> list[date | None]:
    """A planned day for each milestone, spread over the works by weight; the last one at the end.

    Without both days, nothing is proposed (None each).
    """
    lus = list(poids)
    total = sum(lus)
    if debut is None or fin is None or fin < debut or not total:
        return [None] * len(lus)
    duree, cumul, dates = (fin - debut).days, 0, list[date | None]()
    for un in lus:
        cumul += un
        dates.append(date.fromordinal(debut.toordinal() + duree * cumul // total))
    return dates
