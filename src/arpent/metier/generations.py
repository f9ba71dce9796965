"""The generations of contract of one territory side by side, by theme, to the cent.

A rate of execution is what is paid over what is agreed: that of all the themes is recomputed from the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO

SANS_THEME = "Sans thème"


@dataclass(frozen=True, slots=True)
class Bilan:
    """Projects and euros of the authority."""

    projets: int = 0
    accorde: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO

    @property
    def execution(self) -> Decimal | None:
        """From 0 to 1 and beyond; None when nothing is agreed."""
        return self.paye / self.accorde if self.accorde else None

    def __add__(self, autre: Bilan) -> Bilan:
        return Bilan(
            self.projets + autre.projets,
            self.accorde + autre.accorde,
            self.vote + autre.vote,
            self.engage + autre.engage,
            self.paye + autre.paye,
        )


@dataclass(frozen=True, slots=True)
class ProjetCompte:
    """A project of a generation; `theme` empty: none."""

    theme: str
    bilan: Bilan


@dataclass(frozen=True, slots=True)
class LigneTheme:
    """A theme: one balance for each generation, in their order."""

    theme: str
    bilans: tuple[Bilan, ...]


@dataclass(frozen=True, slots=True)
class Comparaison:
    """`lignes` by theme; the sum of a column is its total, exactly."""

    lignes: tuple[LigneTheme, ...]
    totaux: tuple[Bilan, ...]


def comparer(generations: Sequence[Iterable[ProjetCompte]]) -> Comparaison:
    """The generations in the order given; the themes by the money of the last one, then by name."""
    sommes: list[dict[str, Bilan]] = []
    for projets in generations:
        par_theme: dict[str, Bilan] = {}
        for p in projets:
            theme = p.theme or SANS_THEME
            par_theme[theme] = par_theme.get(theme, Bilan()) + p.bilan
        sommes.append(par_theme)
    themes = {t for s in sommes for t in s}
    ordre = sorted(
        themes,
        key=lambda t: (t == SANS_THEME, *(-s.get(t, Bilan()).accorde for s in reversed(sommes)), t),
    )
    lignes = tuple(LigneTheme(t, tuple(s.get(t, Bilan()) for s in sommes)) for t in ordre)
    totaux = tuple(sum(s.values(), Bilan()) for s in sommes)
    return Comparaison(lignes, totaux)
