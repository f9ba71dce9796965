"""The project as the règlement sees it: plain values handed in by the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement, exiger_montant

LIBELLES_BENEFICIAIRE: dict[str, str] = {
    "commune": "commune",
    "cc": "communauté de communes",
    "ca": "communauté d’agglomération",
    "cu": "communauté urbaine",
    "metropole": "métropole",
    "syndicat": "syndicat",
    "petr": "pôle d’équilibre territorial et rural",
    "association": "association",
    "departement": "Département",
    "etat": "État",
    "autre": "autre organisme",
}
LIBELLES_MATURITE: dict[str, str] = {
    "structurant": "projet structurant",
    "amorcage_a": "projet en amorçage (A)",
    "amorcage_b": "projet en amorçage (B)",
}
LIBELLES_NATURE: dict[str, str] = {"investissement": "investissement", "fonctionnement": "fonctionnement"}


@dataclass(frozen=True, slots=True)
class Derogation:
    """A préfet's act lowering the owner's minimum share to `taux` (0 to 1) for this operation."""

    taux: Decimal
    acte: str
    date: date

    def __post_init__(self) -> None:
        if not 0 <= self.taux <= 1:
            raise ValueError("Le taux d’une dérogation est compris entre 0 % et 100 %.")


@dataclass(frozen=True, slots=True)
class Projet:
    """A project under pré-instruction; amounts are euros HT.

    `assiette` None means that the whole cost is eligible. `financements` are the rows of the plan; a row of
    the authority itself, asked or envisaged, is the aid under examination and never counts against itself.
    """

    titre: str
    theme: str
    maturite: str
    nature_depense: str
    beneficiaire_nature: str
    beneficiaire_population: int | None
    cout_ht: Decimal
    assiette: Decimal | None
    aide_demandee: Decimal
    financements: tuple[Financement, ...]
    classe_vulnerabilite: str | None
    a_deliberation: bool
    derogation: Derogation | None
    secteurs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        exiger_montant(self.cout_ht, "Le coût HT")
        exiger_montant(self.aide_demandee, "L’aide demandée")
        if self.assiette is not None:
            exiger_montant(self.assiette, "L’assiette")

    @property
    def assiette_eligible(self) -> Decimal:
        """The eligible base, never above the cost."""
        return self.cout_ht if self.assiette is None else min(self.assiette, self.cout_ht)

    @property
    def prive(self) -> Decimal:
        """Private money that counts."""
        return _somme(f for f in self.financements if f.est_compte and not f.financeur.est_public)

    def autres_aides(self, financeur: Financeur) -> Decimal:
        """Public money of the others: neither the owner's share nor the aid asked from `financeur`."""
        return _somme(
            f
            for f in self.financements
            if f.est_compte and f.financeur.est_aide_publique and not est_examine(f, financeur)
        )


def est_examine(financement: Financement, financeur: Financeur) -> bool:
    """True for the row that is the aid under examination: of the authority itself and not granted yet."""
    en_cours = (StatutFinancement.SOLLICITE, StatutFinancement.ENVISAGE)
    return financement.financeur is financeur and financement.statut in en_cours


def _somme(financements: Iterable[Financement]) -> Decimal:
    return sum((f.montant for f in financements), ZERO)
