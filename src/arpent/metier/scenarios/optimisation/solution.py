"""What an optimiser answers, and its exact check: amounts in Decimal, every constraint recomputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO, formater_euros

from .probleme import Candidat, Contrainte, Minimum, Nombre, Objectif, Paiements, Probleme


class Methode(StrEnum):
    EXACTE = "exacte"
    GLOUTONNE = "gloutonne"
    RELACHEE = "relâchée puis réparée"


@dataclass(frozen=True, slots=True)
class Choix:
    """A project kept: its aid in euros, the year of its commitment."""

    aide: Decimal
    annee: int


Choisis = Mapping[str, Choix]
"""By identifier of the candidate; absent: not kept."""


@dataclass(frozen=True, slots=True)
class Etape:
    """One objective as solved: its value, what no choice can pass (`borne`), the relative gap (0 to 1).

    Units: euros weighted by rank (classement), euros of works (travaux), euros of gap, negative (lissage,
    equite), share of the best of each (weighted sum: `objectif` is None). `echelle` is what the gap is
    divided by, in the same unit.
    """

    objectif: Objectif | None
    valeur: float
    borne: float
    echelle: float

    @property
    def ecart(self) -> float:
        return max(0.0, self.borne - self.valeur) / max(self.echelle, 1e-9)


@dataclass(frozen=True, slots=True)
class Solution:
    """The choices of one method. `etapes` follow the order of the objectives."""

    methode: Methode
    choix: Choisis
    etapes: tuple[Etape, ...]

    @property
    def ecart(self) -> float:
        """The largest of the gaps."""
        return max((etape.ecart for etape in self.etapes), default=0.0)

    @property
    def total(self) -> Decimal:
        return sum((c.aide for c in self.choix.values()), ZERO)


@dataclass(frozen=True, slots=True)
class Manque:
    """By how much a constraint is passed. `de`: euros (aids, payments) or a number of projects."""

    code: str
    libelle: str
    de: Decimal
    en_euros: bool
    de_moins: bool = False
    """True when a minimum is not reached."""

    @property
    def ecrit(self) -> str:
        if self.de_moins:
            return f"{formater_euros(self.de)} de moins que le minimum de « {self.libelle} »"
        if self.en_euros:
            return f"{formater_euros(self.de)} de trop pour « {self.libelle} »"
        return f"nombre de projets non respecté pour « {self.libelle} » (écart de {int(self.de)})"


def consommations(probleme: Probleme, choix: Choisis) -> dict[str, Decimal]:
    """What the choices take of each constraint: exact euros, or numbers of projects. By code."""
    pris = [(c, choix[c.identifiant]) for c in probleme.candidats if c.identifiant in choix]
    return {k.code: sum((prise(k, c, x) for c, x in pris), Decimal(0)) for k in probleme.contraintes}


def prise(contrainte: Contrainte, candidat: Candidat, choix: Choix) -> Decimal:
    """What one choice takes of one constraint. Exact: a share of payment keeps all its decimals."""
    if not contrainte.portee.prend(candidat) or not contrainte.portee.prend_annee(choix.annee):
        return Decimal(0)
    if isinstance(contrainte, Nombre):
        return Decimal(1)
    if isinstance(contrainte, Paiements):
        return choix.aide * contrainte.part(choix.annee)
    return choix.aide


def au_centime(depassement: Decimal) -> Decimal:
    """A share of a payment may fall between two cents: what lacks is the cent above."""
    return depassement.quantize(Decimal("0.01"), ROUND_CEILING)


def manques(probleme: Probleme, choix: Choisis) -> list[Manque]:
    """Every constraint that the choices break, exactly. Empty: they may be proposed."""
    return list(_manques(probleme, consommations(probleme, choix)))


def _manques(probleme: Probleme, pris: Mapping[str, Decimal]) -> Iterator[Manque]:
    for k in probleme.contraintes:
        x = pris[k.code]
        if isinstance(k, Nombre):
            trop = x - k.maximum if k.maximum is not None and x > k.maximum else k.minimum - x
            if trop > 0:
                yield Manque(k.code, k.libelle, Decimal(trop), en_euros=False)
        elif isinstance(k, Minimum):
            if x < k.montant:
                yield Manque(k.code, k.libelle, k.montant - x, en_euros=True, de_moins=True)
        elif x > k.montant:
            yield Manque(k.code, k.libelle, au_centime(x - k.montant), en_euros=True)
