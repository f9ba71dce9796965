"""What the estimate is fed with: observed quantities and parameters, each with its origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arpent.metier.flux_revenus.fourchette import Fourchette


class Confiance(StrEnum):
    """How far a figure can be trusted, from the published count (A) to the mere bound (D)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]


_LIBELLES = {
    Confiance.A: "Dénombrement publié",
    Confiance.B: "Estimation publiée (enquête, sondage)",
    Confiance.C: "Estimation calculée à partir de données publiées",
    Confiance.D: "Borne, donnée ancienne ou valeur supposée",
}


def la_moins_bonne(confiances: Iterable[Confiance]) -> Confiance:
    """The confidence of a product is that of its weakest factor."""
    return max(confiances, key=lambda c: c.value)


@dataclass(frozen=True, slots=True)
class Grandeur:
    """One quantity of the territory. `valeur` is None when it is missing or secret, never 0.

    `couverture` is the share (0 to 1) of the population whose communes or EPCI gave the figure; the rest
    was imputed in proportion to population. `bas` and `haut` default to `valeur`.
    """

    valeur: Decimal | None
    source: str
    millesime: str
    couverture: Decimal = Decimal(1)
    confiance: Confiance = Confiance.B
    bas: Decimal | None = None
    haut: Decimal | None = None
    note: str = ""

    @property
    def fourchette(self) -> Fourchette | None:
        if self.valeur is None:
            return None
        bas = self.valeur if self.bas is None else self.bas
        haut = self.valeur if self.haut is None else self.haut
        return Fourchette(bas, self.valeur, haut)


@dataclass(frozen=True, slots=True)
class Parametre:
    """A value the user may change. `valeur` None switches off the terms that need it.

    `depuis` is the date of the source when it is known. `demonstration` marks an assumed value.
    """

    code: str
    libelle: str
    valeur: Decimal | None
    bas: Decimal | None
    haut: Decimal | None
    unite: str
    source: str
    depuis: date | None
    modifiable: bool = True
    demonstration: bool = False

    @property
    def fourchette(self) -> Fourchette | None:
        if self.valeur is None:
            return None
        bas = self.valeur if self.bas is None else self.bas
        haut = self.valeur if self.haut is None else self.haut
        return Fourchette(bas, self.valeur, haut)


ABSENTE = Grandeur(None, "", "", Decimal(0), Confiance.D)
"""A quantity whose official file is not loaded."""


@dataclass(frozen=True, slots=True)
class Donnees:
    """The quantities of one territory, taken as a whole (any set of communes).

    Counts are persons, jobs or dwellings. `niveau_vie_actifs` and `niveau_vie_retraites` are euros a year:
    the median standard of living of each EPCI, weighted by employed residents or by pensioners, so that
    multiplying back gives the sum of the EPCI (a median itself is never averaged for display).
    `part_prestations` is the share (0 to 1) of social benefits in `revenu_disponible` (euros a year).

    The last ones come from official files that may not be loaded: salaried posts of public employers
    (Flores), share of the jobs held by residents (commuting matrix), declared pensions in euros (IRCOM),
    beds for visitors. When known, they are preferred.
    """

    nombre_communes: int
    nombre_epci: int
    population: Grandeur
    actifs_occupes: Grandeur
    emplois: Grandeur
    emplois_productifs: Grandeur
    emplois_administration: Grandeur
    sortants: Grandeur
    retraites: Grandeur
    niveau_vie_actifs: Grandeur
    niveau_vie_retraites: Grandeur
    revenu_disponible: Grandeur
    part_prestations: Grandeur
    residences_secondaires: Grandeur
    nuitees_marchandes: Grandeur
    notes: tuple[str, ...] = ()
    emplois_publics: Grandeur = ABSENTE
    part_locale: Grandeur = ABSENTE
    pensions: Grandeur = ABSENTE
    lits_marchands: Grandeur = ABSENTE
    surface_km2: Decimal | None = None
