"""Who answers a request: the structure proposed, its deadline. Pure: rows in, rows out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from arpent.plateforme.acteurs.models import StructureAppui

DELAI_JOURS = 15
"""When no structure of the authority handles that kind: the mission d'appui answers."""


def proposer(
    structures: Iterable[StructureAppui], genre: str, themes: Collection[str] = ()
) -> StructureAppui | None:
    """The active structure that handles that kind, the most precise one; None when there is none.

    Precise, in this order: it is of one of the themes of the object; it handles fewer kinds; its rank. One
    that keeps to other themes is never proposed for an object whose theme is known.
    """
    traitent = [
        s
        for s in structures
        if s.active
        and (not s.genres or genre in s.genres)
        and (not s.themes or not themes or set(s.themes) & set(themes))
    ]

    def precision(s: StructureAppui) -> tuple[bool, bool, int, int, int]:
        du_theme = bool(set(s.themes) & set(themes))
        return (not du_theme, bool(s.themes) and not du_theme, len(s.genres) or 99, s.ordre, s.pk)

    return min(traitent, key=precision, default=None)


def echeance(structure: StructureAppui | None, le: date) -> date:
    """The day by which an answer is due, from the day the structure has the request."""
    return le + timedelta(days=structure.delai_jours if structure else DELAI_JOURS)


def annonce(structure: StructureAppui | None) -> str:
    """Where a request goes and when it is answered, in a few words."""
    nom = structure.nom if structure else "la mission d’appui"
    jours = structure.delai_jours if structure else DELAI_JOURS
    return f"{nom}, réponse sous {jours} jour{'s' if jours > 1 else ''}"
