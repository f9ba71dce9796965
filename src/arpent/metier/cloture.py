"""Closing a contract: what is still open, its balance to the cent, whether it may be closed.

    voted = paid + committed and not paid + returned to the envelope

What is returned is what was voted and never committed. What is committed and not paid stays due: closing
takes back nothing from a beneficiary. The rules are in docs/algorithmes/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO


class GenreOuvert(StrEnum):
    """What may still be open."""

    VERSEMENT = "versement"
    REVERSEMENT = "reversement"
    AVENANT = "avenant"
    DOSSIER = "dossier"
    AVANCE = "avance"
    RETENUE = "retenue"
    BLOCAGE = "blocage"


LIBELLES_OUVERT: dict[GenreOuvert, str] = {
    GenreOuvert.VERSEMENT: "Demande de versement en cours",
    GenreOuvert.REVERSEMENT: "Reversement attendu",
    GenreOuvert.AVENANT: "Avenant en cours",
    GenreOuvert.DOSSIER: "Dossier non soldé",
    GenreOuvert.AVANCE: "Avance versée, à reprendre au solde",
    GenreOuvert.RETENUE: "Retenue non levée",
    GenreOuvert.BLOCAGE: "Point bloquant non levé",
}
EMPECHENT = frozenset({GenreOuvert.VERSEMENT, GenreOuvert.REVERSEMENT, GenreOuvert.AVENANT})
"""Money on its way, or a text that may change the lines: no reason passes over them."""


@dataclass(frozen=True, slots=True)
class PointOuvert:
    """One thing left open. `montant` None: it is not an amount."""

    genre: GenreOuvert
    quoi: str
    montant: Decimal | None = None

    @property
    def libelle(self) -> str:
        return LIBELLES_OUVERT[self.genre]

    @property
    def empeche(self) -> bool:
        return self.genre in EMPECHENT


@dataclass(frozen=True, slots=True)
class LigneBilan:
    """A project at the closing, in euros of the authority."""

    projet: str
    accorde: Decimal
    vote: Decimal
    engage: Decimal
    paye: Decimal

    @property
    def rendu(self) -> Decimal:
        """Voted and never committed; never under zero."""
        return max(self.vote - self.engage, ZERO)

    @property
    def reste_du(self) -> Decimal:
        """Committed and not paid."""
        return self.engage - self.paye


@dataclass(frozen=True, slots=True)
class BilanCloture:
    """The balance of the contract; every total is the sum of `lignes`."""

    lignes: tuple[LigneBilan, ...]

    def _somme(self, quoi: str) -> Decimal:
        return sum((getattr(x, quoi) for x in self.lignes), ZERO)

    @property
    def accorde(self) -> Decimal:
        return self._somme("accorde")

    @property
    def vote(self) -> Decimal:
        return self._somme("vote")

    @property
    def engage(self) -> Decimal:
        return self._somme("engage")

    @property
    def paye(self) -> Decimal:
        return self._somme("paye")

    @property
    def rendu(self) -> Decimal:
        return self._somme("rendu")

    @property
    def reste_du(self) -> Decimal:
        return self._somme("reste_du")

    @property
    def hors_vote(self) -> Decimal:
        """Committed beyond what was voted: zero in a ledger that holds."""
        return self.paye + self.reste_du + self.rendu - self.vote


def refus_de_cloture(ouverts: Sequence[PointOuvert], motif: str) -> str:
    """Why the contract cannot be closed, and what to do; empty when it can."""
    if empeches := [p for p in ouverts if p.empeche]:
        noms = _enumerer(p.libelle.lower() for p in empeches)
        return f"Le contrat ne se clôt pas encore : {noms}. Terminez-les d’abord."
    if ouverts and not motif.strip():
        n = len(ouverts)
        reste = f"{n} points restent ouverts" if n > 1 else "Un point reste ouvert"
        return f"{reste} : dites pourquoi le contrat se clôt malgré tout, et qui les suivra."
    return ""


def _enumerer(noms: Iterable[str]) -> str:
    """Each once, with how many."""
    comptes: dict[str, int] = {}
    for nom in noms:
        comptes[nom] = comptes.get(nom, 0) + 1
    return ", ".join(f"{n} × {nom}" if n > 1 else nom for nom, n in comptes.items())
