"""The contract as it stands one day: its lines, its parties, its text, its duration, its envelope.

Amounts are euros to the cent, rounded once when the contract was signed: nothing here rounds again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO


@dataclass(frozen=True, slots=True)
class LigneContrat:
    """A project of the contract. `cle` names it for ever, whatever its number or its title."""

    cle: str
    numero: str
    titre: str
    maitre_ouvrage: str
    aide: Decimal
    cout_ht: Decimal = ZERO
    annee: int | None = None
    theme: str = ""
    axe: str = ""
    fonds: str = ""
    maturite: str = ""
    maitre_ouvrage_id: int | None = None
    """Known once an act changed the owner."""
    hors_enveloppe: bool = False
    """Paid by the reserve, not by the envelope of the territory."""

    @property
    def nom(self) -> str:
        return f"projet {self.numero} « {self.titre} »"


@dataclass(frozen=True, slots=True)
class ArticleContrat:
    """An article; its title names it: a number moves when another article comes before."""

    numero: str
    titre: str
    texte: str


@dataclass(frozen=True, slots=True)
class EtatContractuel:
    """What binds the parties on a given day. `enveloppe` None: the contract has none."""

    lignes: tuple[LigneContrat, ...] = ()
    parties: tuple[str, ...] = ()
    articles: tuple[ArticleContrat, ...] = ()
    date_effet: date | None = None
    date_fin: date | None = None
    enveloppe: Decimal | None = None

    def ligne(self, cle: str) -> LigneContrat | None:
        """The line of that key. Linear: index the lines to look many up."""
        return next((x for x in self.lignes if x.cle == cle), None)

    def article(self, titre: str) -> ArticleContrat | None:
        return next((a for a in self.articles if a.titre == titre), None)

    @property
    def total_aides(self) -> Decimal:
        return somme(x.aide for x in self.lignes)

    @property
    def total_couts(self) -> Decimal:
        return somme(x.cout_ht for x in self.lignes)

    @property
    def aides_sur_enveloppe(self) -> Decimal:
        """What the envelope pays: the lines of the reserve aside."""
        return somme(x.aide for x in self.lignes if not x.hors_enveloppe)

    @property
    def solde(self) -> Decimal | None:
        """What is left of the envelope, negative when it is exceeded; None without one."""
        return None if self.enveloppe is None else self.enveloppe - self.aides_sur_enveloppe


def somme(montants: Iterable[Decimal]) -> Decimal:
    return sum(montants, ZERO)
