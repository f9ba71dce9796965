"""Dates and deadlines. No clock here: the day is always handed in by the caller."""

from calendar import monthrange
from datetime import date, timedelta


def ajouter_mois(d: date, n: int) -> date:
    """The same day `n` months later (or earlier); the last day of the month when that day does not exist."""
    annee, mois_moins_un = divmod(d.year * 12 + d.month - 1 + n, 12)
    mois = mois_moins_un + 1
    return date(annee, mois, min(d.day, monthrange(annee, mois)[1]))


def ajouter_jours_francs(d: date, n: int) -> date:
    """First day on which an act is possible after `n` clear days (neither `d` nor that day is counted).

    A notice of 5 clear days sent on the 1st allows a meeting from the 7th.
    """
    return d + timedelta(days=n + 1)


def annees_contrat(debut: date, duree_annees: int) -> tuple[int, ...]:
    """The budget years of a contract, the one of its first day included.

    A three-year contract signed on 15 December 2015 carries the years 2015, 2016 and 2017.
    Raises ValueError when the duration is not positive.
    """
    if duree_annees < 1:
        raise ValueError("La durée d’un contrat est d’au moins une année.")
    return tuple(range(debut.year, debut.year + duree_annees))
