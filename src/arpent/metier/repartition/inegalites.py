"""How unequal the euros per inhabitant are: Gini and Theil, weighted by the inhabitants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Inegalites:
    """0: the same for every inhabitant. Gini is below 1; Theil at most ln(inhabitants)."""

    gini: Decimal
    theil: Decimal
    bas: Decimal
    haut: Decimal
    moyenne: Decimal

    @property
    def en_mots(self) -> str:
        """One plain sentence on the Gini, with what it measures."""
        return self.dire("territoires")

    def dire(self, entre: str) -> str:
        """The same between other things: « communes »."""
        points = round(self.gini * 100)
        if points == 0:
            return "Chaque habitant compte autant partout, à un centième près."
        degre = "faible" if points < 10 else "modéré" if points < 25 else "fort"
        return (
            f"Écart {degre} entre {entre} : prenez deux habitants au hasard, leurs euros par habitant "
            f"diffèrent en moyenne de {2 * points} % de la moyenne."
        )


def mesurer(montants: Mapping[str, Decimal], habitants: Mapping[str, Decimal]) -> Inegalites | None:
    """Over the territories with inhabitants; None when there is nobody or no money.

    With y = euros per inhabitant, p = share of the inhabitants, μ = mean:
    Gini = Σᵢ Σⱼ pᵢ pⱼ |yᵢ − yⱼ| / 2μ ; Theil = Σᵢ pᵢ (yᵢ/μ) ln(yᵢ/μ), 0 ln 0 = 0.
    """
    gens = {t: Fraction(h) for t, h in habitants.items() if h > 0 and t in montants}
    tous = sum(gens.values(), Fraction(0))
    argent = sum((Fraction(montants[t]) for t in gens), Fraction(0))
    if not tous or not argent:
        return None
    moyenne = argent / tous
    # Sorted by y, Σᵢⱼ pᵢpⱼ|yᵢ−yⱼ| = 2 Σ (p cumulated · share of y already seen): one pass, exact.
    rangs = sorted((Fraction(montants[t]) / h, h / tous) for t, h in gens.items())
    aire = cumul_gens = cumul_argent = Fraction(0)
    for y, p in rangs:
        aire += p * (y * cumul_gens - cumul_argent)
        cumul_gens += p
        cumul_argent += p * y
    theil = Decimal(0)
    for y, p in rangs:
        if y > 0:
            rapport = _decimal(y / moyenne)
            theil += _decimal(p) * rapport * rapport.ln()
    bas, haut = (_decimal(y) for y in (rangs[0][0], rangs[-1][0]))
    return Inegalites(_decimal(aire / moyenne), max(theil, Decimal(0)), bas, haut, _decimal(moyenne))


def _decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)
