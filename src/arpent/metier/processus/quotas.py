"""How many meetings of a kind a year calls for, and whether the next one is late.

A year of N meetings is cut into N equal periods, each ending with a month: a meeting is expected before the
end of each. The periods that were half over the day the count begins do not count. What the year before
lacked stays late until the first meeting of the year: that one closes it, and counts for the year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from .modele import Echelle, Frequence


@dataclass(frozen=True, slots=True)
class Seance:
    """A meeting that was held, or one that is prepared for that day."""

    jour: date
    tenue: bool


@dataclass(frozen=True, slots=True)
class Quota:
    """Where a kind of meeting stands in the year.

    `avant_le`: the day the next one is expected before, None when the year is complete; `prochaine`: the day
    of the next one that is prepared; `retard`: days since the first one that lacks, 0 when none does;
    `manquent`: how many lack today.
    """

    annee: int
    attendues: int
    tenues: int
    avant_le: date | None = None
    prochaine: date | None = None
    retard: int = 0
    manquent: int = 0
    prevues: int = 0

    @property
    def a_convoquer(self) -> bool:
        """Late, and not enough is prepared to make up for it."""
        return self.manquent > self.prevues


def par_an_attendu(
    frequence: str, par_an: int | None, echelle: str = Echelle.TERRITOIRE, *, ensemble: bool = False
) -> int | None:
    """How many a year; None when the process asks for none at a date.

    A yearly meeting without a published number is one a year. The number of a meeting held by towns is
    that of the whole policy (`ensemble`): each territory is expected at one of them a year.
    """
    if frequence == Frequence.UNE_FOIS or (frequence == Frequence.A_LA_DEMANDE and not par_an):
        return None
    if echelle == Echelle.VILLE and not ensemble:
        return 1
    return par_an or 1


def echeances(annee: int, nombre: int, depuis: date) -> tuple[date, ...]:
    """The days before which a meeting is expected in that year, for a count that begins `depuis`."""
    jours = []
    for rang in range(nombre):
        debut = date(annee, 12 * rang // nombre + 1, 1)
        mois = -(-12 * (rang + 1) // nombre)
        fin = date(annee, mois, monthrange(annee, mois)[1])
        if depuis <= debut + (fin - debut) / 2:
            jours.append(fin)
    return tuple(jours)


def suivre(nombre: int, depuis: date, seances: Collection[Seance], today: date) -> Quota:
    """Where the year of `today` stands, for a count that begins `depuis`."""
    tenues = sorted(s.jour for s in seances if s.tenue and s.jour <= today)
    prevues = sorted(s.jour for s in seances if not s.tenue and s.jour >= today)
    cette_annee, avant = _de(tenues, today.year), _de(tenues, today.year - 1)
    attendues = echeances(today.year, nombre, depuis)
    passees = [jour for jour in attendues if jour < today]
    manquantes = passees[cette_annee:]
    if not cette_annee:
        manquantes = [*echeances(today.year - 1, nombre, depuis)[avant:], *manquantes]
    reste = manquantes or list(attendues[cette_annee:])
    return Quota(
        annee=today.year,
        attendues=len(attendues),
        tenues=cette_annee,
        avant_le=reste[0] if reste else None,
        prochaine=prevues[0] if prevues else None,
        retard=(today - manquantes[0]).days if manquantes else 0,
        manquent=len(manquantes),
        prevues=len(prevues),
    )


def _de(jours: Sequence[date], annee: int) -> int:
    return sum(1 for jour in jours if jour.year == annee)
