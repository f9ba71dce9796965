"""Negotiation scenarios: comparison and equity measures."""

from arpent.metier.scenarios.comparaison import (
    Changement,
    Comparaison,
    LigneModifiee,
    comparer,
    par_habitant,
)

__all__ = ["Changement", "Comparaison", "LigneModifiee", "comparer", "par_habitant"]
