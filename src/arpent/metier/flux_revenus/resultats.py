"""What an estimate says: bases, their terms, and what the captured income becomes."""

from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.flux_revenus.donnees import Confiance, Parametre
from arpent.metier.flux_revenus.evasion import Evasion
from arpent.metier.flux_revenus.fourchette import Fourchette

PRODUCTIVE = "productive"
RESIDENTIELLE = "residentielle"
PUBLIQUE = "publique"
SOCIALE = "sociale"

LIBELLES_BASES = {
    PRODUCTIVE: "Base productive",
    RESIDENTIELLE: "Base résidentielle",
    PUBLIQUE: "Base publique",
    SOCIALE: "Base sociale",
}
SOURCE_PARTS_NATIONALES = "Sénat, rapport d’information r12-271"
PARTS_NATIONALES = {
    PRODUCTIVE: Decimal("0.22"),
    RESIDENTIELLE: Decimal("0.45"),
    PUBLIQUE: Decimal("0.10"),
    SOCIALE: Decimal("0.23"),
}


@dataclass(frozen=True, slots=True)
class Terme:
    """One line of the estimate; `montant` (euros a year) is None when it could not be estimated.

    `formule` is the rule in words, `calcul` the same with the figures; `motif` says why a term is missing.
    """

    code: str
    base: str
    libelle: str
    formule: str
    calcul: str
    montant: Fourchette | None
    source: str
    millesime: str
    couverture: Decimal
    confiance: Confiance
    motif: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """`part` is a share of the total (0 to 1, four decimals; the bases sum to exactly 1)."""

    code: str
    libelle: str
    montant: Fourchette | None
    part: Decimal | None
    par_habitant: Decimal | None
    part_nationale: Decimal
    termes: tuple[Terme, ...]


@dataclass(frozen=True, slots=True)
class Redistribution:
    """Jobs meant for the people present, set against what is captured and who is there.

    `postes_prives`: those of private employers and self-employed, which spending feeds. Their income (euros a
    year) goes to residents and to people who come in to work.
    """

    postes_presentiels: Fourchette | None
    par_million_capte: Decimal | None
    pour_1000_habitants: Decimal | None
    pour_1000_presents: Decimal | None
    postes_prives: Fourchette | None = None
    revenu_des_residents: Fourchette | None = None
    revenu_des_entrants: Fourchette | None = None


@dataclass(frozen=True, slots=True)
class Flux:
    """Money in euros a year, rounded to the euro; `total` is None when nothing could be estimated."""

    bases: tuple[Base, ...]
    total: Fourchette | None
    par_habitant: Decimal | None
    redistribution: Redistribution
    avertissements: tuple[str, ...]
    parametres: tuple[Parametre, ...]
    evasion: Evasion | None = None

    def base(self, code: str) -> Base:
        return next(b for b in self.bases if b.code == code)
