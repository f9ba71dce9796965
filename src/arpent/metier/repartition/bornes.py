"""Floors and caps: the shares are scaled together until each one is inside its bounds, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def remplir(
    total: int, poids: Mapping[str, Fraction], bas: Mapping[str, int], haut: Mapping[str, int | None]
) -> dict[str, int]:
    """Whole cents x with bas ≤ x ≤ haut and x as near as can be to λ·poids, one λ for all (water-filling).

    Σ x = min(total, what the caps let in). The caller makes sure that Σ bas ≤ total and bas ≤ haut.
    A territory of weight 0 stays at its floor. Exact: λ is solved between two breakpoints, then largest
    remainder.
    """
    exactes = _au_niveau(_niveau(Fraction(total), poids, bas, haut), poids, bas, haut)
    entieres = {t: int(x) for t, x in exactes.items()}
    reste = min(total, int(sum(exactes.values()))) - sum(entieres.values())
    for t in sorted(exactes, key=lambda t: (entieres[t] - exactes[t], t))[:reste]:
        entieres[t] += 1
    return entieres


def _au_niveau(
    niveau: Fraction, poids: Mapping[str, Fraction], bas: Mapping[str, int], haut: Mapping[str, int | None]
) -> dict[str, Fraction]:
    exactes = {}
    for t, p in poids.items():
        x, plafond = max(niveau * p, Fraction(bas[t])), haut[t]
        exactes[t] = x if plafond is None else min(x, Fraction(plafond))
    return exactes


def _niveau(
    total: Fraction, poids: Mapping[str, Fraction], bas: Mapping[str, int], haut: Mapping[str, int | None]
) -> Fraction:
    """The λ whose shares make `total`; the last breakpoint when the caps stop them before."""

    def somme(niveau: Fraction) -> Fraction:
        return sum(_au_niveau(niveau, poids, bas, haut).values(), Fraction(0))

    positifs = {t: p for t, p in poids.items() if p > 0}
    seuils = {Fraction(0)}
    for t, p in positifs.items():
        seuils.add(bas[t] / p)
        plafond = haut[t]
        if plafond is not None:
            seuils.add(plafond / p)
    tries = sorted(seuils)
    a, b = 0, len(tries) - 1
    if somme(tries[b]) < total:
        pente = sum((p for t, p in positifs.items() if haut[t] is None), Fraction(0))
        return tries[b] + (total - somme(tries[b])) / pente if pente else tries[b]
    while a < b:
        milieu = (a + b) // 2
        if somme(tries[milieu]) >= total:
            b = milieu
        else:
            a = milieu + 1
    if a == 0:
        return tries[0]
    avant, apres = tries[a - 1], tries[a]
    s_avant, s_apres = somme(avant), somme(apres)
    return avant + (total - s_avant) * (apres - avant) / (s_apres - s_avant)
