"""Whom the aids reach: euros per inhabitant by commune, EPCI, territory, class, size of owner, theme.

The groups and what is set apart always add up to the total of the aids, to the cent. The euros per
inhabitant of a group are its own euros over its own inhabitants, never a mean of means. One unknown
population makes that of its group unknown: it is never taken for zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.repartition import Inegalites, mesurer


class Axe(StrEnum):
    """What the aids are grouped by."""

    COMMUNE = "commune"
    EPCI = "epci"
    TERRITOIRE = "territoire"
    CLASSE = "classe"
    TAILLE = "taille"
    THEME = "theme"


class Lecture(StrEnum):
    """What becomes of a project without commune: set apart, or spread over the inhabitants it serves."""

    TRAVAUX = "travaux"
    HABITANT = "habitant"


class APart(Enum):
    """Euros that belong to no group, and why."""

    INTERCOMMUNAL = "intercommunal"
    AILLEURS = "ailleurs"
    AUTRE_PORTEUR = "autre_porteur"


@dataclass(frozen=True, slots=True)
class Lieu:
    """A commune. `habitants` None: not known. `epci`, `territoire`, `classe`: keys, empty without one."""

    code: str
    nom: str
    habitants: int | None
    epci: str = ""
    territoire: str = ""
    classe: str = ""


@dataclass(frozen=True, slots=True)
class Aide:
    """The aid of one project, to the cent.

    `commune`: where the works are, empty for an intercommunal project, which serves `perimetre`.
    `porteur`: the commune that owns it, empty for any other owner.
    """

    montant: Decimal
    commune: str = ""
    perimetre: tuple[str, ...] = ()
    theme: str = ""
    porteur: str = ""
    territoire: str = ""


@dataclass(frozen=True, slots=True)
class Groupe:
    """`habitants` None: not known, or without meaning (what is set apart)."""

    cle: str
    libelle: str
    projets: int
    montant: Decimal
    habitants: int | None

    @property
    def exact(self) -> Decimal:
        """Euros per inhabitant before rounding: what groups are ordered by. 0 without a known inhabitant."""
        return self.montant / self.habitants if self.habitants else ZERO

    @property
    def par_habitant(self) -> Decimal | None:
        """Euros per inhabitant to the cent; None without a known inhabitant."""
        return arrondir(self.montant / self.habitants) if self.habitants else None


@dataclass(frozen=True, slots=True)
class Regroupement:
    """The aids by one axis. `inconnues`: names of the communes whose population is not known."""

    axe: Axe
    groupes: tuple[Groupe, ...]
    a_part: tuple[Groupe, ...]
    inconnues: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        return sum((g.montant for g in (*self.groupes, *self.a_part)), ZERO)

    @property
    def projets(self) -> int:
        return sum(g.projets for g in (*self.groupes, *self.a_part))

    @property
    def connus(self) -> tuple[Groupe, ...]:
        """The groups that have known inhabitants."""
        return tuple(g for g in self.groupes if g.habitants)

    @property
    def habitants(self) -> int:
        """Known inhabitants; every theme is for all of them."""
        if self.axe is Axe.THEME:
            return next((g.habitants or 0 for g in self.groupes), 0)
        return sum(g.habitants or 0 for g in self.groupes)

    @property
    def moyenne(self) -> Decimal | None:
        """Euros of the groups with known inhabitants over those inhabitants."""
        argent = sum((g.montant for g in self.connus), ZERO)
        return arrondir(argent / self.habitants) if self.habitants else None

    @property
    def plus_favorise(self) -> Groupe | None:
        return max(self.connus, key=lambda g: g.exact, default=None)

    @property
    def moins_favorise(self) -> Groupe | None:
        return min(self.connus, key=lambda g: g.exact, default=None)

    @property
    def sans_aide(self) -> int:
        """How many inhabited groups receive nothing."""
        return sum(g.montant == 0 for g in self.connus)

    @property
    def inegalites(self) -> Inegalites | None:
        """Gini and Theil between the groups, weighted by their inhabitants; themes share theirs: None."""
        if self.axe is Axe.THEME:
            return None
        return mesurer(
            {g.cle: g.montant for g in self.groupes},
            {g.cle: Decimal(g.habitants or 0) for g in self.groupes},
        )

    def part_euros(self, groupe: Groupe) -> Decimal | None:
        """Share of all the euros, those apart included; None when there are none."""
        return groupe.montant / self.total if self.total else None

    def part_habitants(self, groupe: Groupe) -> Decimal | None:
        """Share of the known inhabitants; None when unknown, or for a theme."""
        if self.axe is Axe.THEME or groupe.habitants is None or not self.habitants:
            return None
        return Decimal(groupe.habitants) / self.habitants
