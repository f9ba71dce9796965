"""Reading the cells of the public files: text, number or nothing; nothing is never zero."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

Cellule = str | int | float | Decimal | None
Ligne = Mapping[str, Cellule]

CENT = Decimal(100)
_ABSENTS = {"", "s", "nd", "ns", "nan"}


def nombre(cellule: Cellule) -> Decimal | None:
    """The value of a cell; None for an empty, secret (`s`) or unavailable (`nd`) one.

    Raises ValueError (French) on any other text that is not a number.
    """
    return None if cellule is None else _lire(cellule)


@lru_cache(maxsize=50_000, typed=True)
def _lire(cellule: str | int | float | Decimal) -> Decimal | None:
    """The same cells are read for a territory, its département, its neighbours: kept once read."""
    texte = str(cellule).strip()
    if texte.lower() in _ABSENTS:
        return None
    try:
        valeur = Decimal(texte.replace(",", "."))
    except InvalidOperation:
        raise ValueError(
            f"« {texte} » n’est pas un nombre : corrigez la cellule, ou laissez-la vide si la donnée manque."
        ) from None
    return valeur if valeur.is_finite() else None


def nombres(ligne: Ligne, colonnes: Sequence[str]) -> tuple[Decimal, ...] | None:
    """All the columns, or None as soon as one is missing."""
    lues = tuple(nombre(ligne.get(colonne)) for colonne in colonnes)
    if any(x is None for x in lues):
        return None
    return tuple(x for x in lues if x is not None)
