"""The calendar of a process: when each step begins and ends if it takes the days it is given.

A step with a month of rank m begins m − 1 months after the opening and is over m months after it, or later
when its days go beyond. A step without a month begins when those before it are over, or, said parallel, with
the step before it. A step the territory does not take has no date and holds nobody back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from arpent.metier.temps import ajouter_mois

from .modele import EtapeModele


@dataclass(frozen=True, slots=True)
class EtapePrevue:
    """A step and its two dates; both None when the territory does not take it."""

    etape: EtapeModele
    debut: date | None
    fin: date | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the calendar stands after some steps: the last end, and the begin of the last step."""

    fin: date
    debut: date


def planifier(
    etapes: Sequence[EtapeModele], ouverte_le: date, ecartees: Collection[str] = ()
) -> tuple[EtapePrevue, ...]:
    """The dates of every step, in their order. `ecartees`: codes of the optional steps not taken."""
    position = Position(ouverte_le, ouverte_le)
    prevues = []
    for etape in etapes:
        if etape.code in ecartees:
            prevues.append(EtapePrevue(etape, None, None))
            continue
        debut, fin = _dates(etape, ouverte_le, position)
        prevues.append(EtapePrevue(etape, debut, fin))
        position = Position(max(position.fin, fin), debut)
    return tuple(prevues)


def _dates(etape: EtapeModele, ouverte_le: date, position: Position) -> tuple[date, date]:
    duree = timedelta(days=etape.duree_jours or 0)
    if etape.mois is None:
        debut = position.debut if etape.parallele else position.fin
        return debut, debut + duree
    debut = ajouter_mois(ouverte_le, etape.mois - 1)
    return debut, max(ajouter_mois(ouverte_le, etape.mois), debut + duree)
