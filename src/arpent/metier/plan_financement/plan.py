"""Financing plan of one operation: rows of money against a cost."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir, formater_euros
from arpent.metier.plan_financement.financeurs import LIBELLES_FINANCEUR, Financeur, StatutFinancement


def exiger_montant(x: Decimal, quoi: str) -> None:
    """Raise ValueError (French) unless `x` is a finite, positive amount rounded to the cent."""
    if not x.is_finite() or x < 0:
        raise ValueError(f"{quoi} doit être un montant positif ou nul.")
    if x != arrondir(x):
        raise ValueError(f"{quoi} ({x}) doit être arrondi au centime : {formater_euros(x)}.")


@dataclass(frozen=True, slots=True)
class Financement:
    """One row of a plan: who, what, how much, how sure, decided when."""

    financeur: Financeur
    libelle: str
    montant: Decimal
    statut: StatutFinancement
    date: datetime.date | None = None

    def __post_init__(self) -> None:
        libelle = self.libelle or LIBELLES_FINANCEUR[self.financeur]
        exiger_montant(self.montant, f"Le financement « {libelle} »")

    @property
    def est_compte(self) -> bool:
        """A refused financing stays in the plan for memory and counts for nothing."""
        return self.statut is not StatutFinancement.REFUSE


def _somme(montants: Iterable[Decimal]) -> Decimal:
    return sum(montants, ZERO)


@dataclass(frozen=True, slots=True)
class Plan:
    """Cost of an operation (same basis as its rows, usually HT) and the rows that finance it."""

    cout: Decimal
    financements: tuple[Financement, ...]

    def __post_init__(self) -> None:
        exiger_montant(self.cout, "Le coût")

    @property
    def comptes(self) -> tuple[Financement, ...]:
        """The rows that count: all but the refused ones."""
        return tuple(f for f in self.financements if f.est_compte)

    @property
    def total(self) -> Decimal:
        return _somme(f.montant for f in self.comptes)

    @property
    def ecart(self) -> Decimal:
        """Cost minus total: positive when money is missing, negative when there is too much."""
        return self.cout - self.total

    @property
    def est_equilibre(self) -> bool:
        return self.ecart == 0

    @property
    def total_public(self) -> Decimal:
        """Public money, the owner's declared share included."""
        return _somme(f.montant for f in self.comptes if f.financeur.est_public)

    @property
    def total_prive(self) -> Decimal:
        return _somme(f.montant for f in self.comptes if not f.financeur.est_public)

    @property
    def aides_publiques(self) -> Decimal:
        """Public money brought by others than the owner."""
        return _somme(f.montant for f in self.comptes if f.financeur.est_aide_publique)

    @property
    def part_maitre_ouvrage(self) -> Decimal:
        """What the owner really pays: cost minus everybody else's money.

        It equals the declared own share plus what nobody covers; negative when the others bring more
        than the cost.
        """
        return self.cout - self.aides_publiques - self.total_prive

    @property
    def taux_aides_publiques(self) -> Decimal:
        """Others' public money over the cost, from 0; 0 when the cost is null."""
        return self.aides_publiques / self.cout if self.cout else ZERO

    def par_financeur(self) -> dict[Financeur, Decimal]:
        """Counted amounts by kind of funder, in the order of the enumeration, absent kinds left out."""
        presents = {f.financeur for f in self.comptes}
        return {
            financeur: _somme(f.montant for f in self.comptes if f.financeur is financeur)
            for financeur in Financeur
            if financeur in presents
        }
