"""The one place where the follow-up reads amounts: agreed, voted, committed, paid, project by project.

The ledger of the envelopes is the source. Whatever later pays grant files plugs in here: the pages, the
reports and the thread read `montants_des` and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche


@dataclass(frozen=True, slots=True)
class Montants:
    """Euros of one project, or of several added up. Aid of the authority, but for `cout` (HT)."""

    cout: Decimal = ZERO
    demande: Decimal = ZERO
    accorde: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO

    @property
    def reste_a_payer(self) -> Decimal:
        """Of what is committed; never under zero."""
        return max(self.engage - self.paye, ZERO)

    @property
    def reste_a_engager(self) -> Decimal:
        return max(self.accorde - self.engage, ZERO)

    def __add__(self, autre: Montants) -> Montants:
        return Montants(*(getattr(self, c) + getattr(autre, c) for c in self.__slots__))


def montants_des(fiches: Collection[Fiche]) -> dict[int, Montants]:
    """By pk of the fiche, all of them. One query.

    `accorde` is the aid of the agreement while the project is retained or in the contract, as everywhere.
    """
    registre = Mouvement.objects.des_fiches([f.pk for f in fiches]).sommes("fiche")
    montants = {}
    for fiche in fiches:
        soldes = registre.get(fiche.pk)
        accordee = fiche.aide_accordee if fiche.etat in ETATS_ENGAGES else None
        montants[fiche.pk] = Montants(
            cout=fiche.cout_ht,
            demande=fiche.aide_demandee,
            accorde=accordee or ZERO,
            vote=soldes.vote if soldes else ZERO,
            engage=soldes.engage if soldes else ZERO,
            paye=soldes.paye if soldes else ZERO,
        )
    return montants


def total(montants: Iterable[Montants]) -> Montants:
    return sum(montants, Montants())
