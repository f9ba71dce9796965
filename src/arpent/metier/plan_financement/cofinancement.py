"""Legal room of one funder in a co-financed plan. Rates are parameters: the law moves.

`autres_aides` is the public money of every other funder, refused rows and the aid under examination left out.
"""

from decimal import ROUND_FLOOR, Decimal

from arpent.metier.argent import CENTIME, ZERO, arrondir


def participation_minimale(cout: Decimal, prive: Decimal, taux: Decimal) -> Decimal:
    """What a public owner must pay itself: `taux` of the public financing (CGCT, L1111-10 III).

    Private money is outside the computation: the public financing is the cost minus the private money.
    """
    return arrondir(taux * max(ZERO, cout - prive))


def marge_participation_minimale(
    cout: Decimal, prive: Decimal, autres_aides: Decimal, minimum: Decimal
) -> Decimal:
    """The largest aid that leaves the owner its minimum; never negative."""
    return max(ZERO, cout - prive - minimum - autres_aides)


def marge_cumul(assiette: Decimal, autres_aides: Decimal, taux: Decimal) -> Decimal:
    """The largest aid that keeps all public aids under `taux` of the eligible cost (CGCT, R2334-27)."""
    return max(ZERO, arrondir(taux * assiette) - autres_aides)


def marge_fonds_concours(reste: Decimal, taux: Decimal) -> Decimal:
    """The largest fonds de concours on what the other money leaves (CGCT, L5214-16 V): `taux` of it, never a
    cent more.

    `reste` is the cost less private money, other public aids and, for a plan TTC, the FCTVA. Rounded down:
    half of an odd cent would put the fonds de concours above the owner's own share.
    """
    return max(ZERO, (taux * reste).quantize(CENTIME, rounding=ROUND_FLOOR))
