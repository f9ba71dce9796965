"""Which fund pays a line of the maquette: the one the authority chose, the one of its theme, the main one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Raison(StrEnum):
    """Why a fund pays a line."""

    CHOIX = "choix"
    THEME = "theme"
    PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True)
class FondsOuvert:
    """A fund that pays ordinary lines of one territory. `montant` None: nothing was shared out to it there.

    `themes`: the only themes it pays by itself; none: it pays all those no other fund pays.
    """

    code: str
    libelle: str
    montant: Decimal | None = None
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imputation:
    """`abandonne`: a fund was chosen for this line, and pays nothing here any more."""

    fonds: FondsOuvert
    raison: Raison
    abandonne: bool = False


def principal(fonds: Sequence[FondsOuvert]) -> FondsOuvert | None:
    """The first that is not kept for some themes, else the first; None without any."""
    return next((f for f in fonds if not f.themes), fonds[0] if fonds else None)


def imputer(fonds: Sequence[FondsOuvert], theme: str, choisi: str = "") -> Imputation | None:
    """Of these funds, in their order, the one that pays a line of that theme; None without any fund.

    `choisi`: code of the fund the authority chose, empty when it left it to the theme.
    """
    if retenu := next((f for f in fonds if choisi and f.code == choisi), None):
        return Imputation(retenu, Raison.CHOIX)
    abandonne = bool(choisi)
    if du_theme := next((f for f in fonds if theme in f.themes), None):
        return Imputation(du_theme, Raison.THEME, abandonne)
    reste = principal(fonds)
    return None if reste is None else Imputation(reste, Raison.PRINCIPAL, abandonne)
