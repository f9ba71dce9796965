"""The project as the règlement sees it: plain values handed in by the caller."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Financement, Financeur, exiger_montant
from arpent.metier.reglement.cadre import CADRE_COMMUN, CadreJuridique

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
LIBELLES_POSTE: dict[str, str] = {
    "generaliste": "poste généraliste",
    "thematique": "poste thématique",
    "administratif": "poste administratif",
    "encadrement": "poste d’encadrement",
}


@dataclass(frozen=True, slots=True)
class Derogation:
    """A préfet's act lowering the owner's minimum share to `taux` (0 to 1) for this operation.

    `motif` is a key of MOTIFS_DEROGATION, or empty when nobody has said it.
    """

    taux: Decimal
    acte: str
    date: date
    motif: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.taux <= 1:
            raise ValueError("Le taux d’une dérogation est compris entre 0 % et 100 %.")


@dataclass(frozen=True, slots=True)
class AideAnterieure:
    """An aid the same owner already has from the authority: never the one under examination.

    `montant` and `assiette` in euros; `annee` is the civil year of the vote; `soldee` once wholly
    paid or closed. `demandee`: `montant` is what was asked, what was
    granted is not known.
    """

    annee: int
    montant: Decimal
    assiette: Decimal = ZERO
    theme: str = ""
    categorie: str = ""
    famille: str = ""
    soldee: bool = False
    demandee: bool = False


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """A credit line, as handed in the day of the examination; the project under examination is in no sum.

    `ouverte` is its whole amount and `engagee` what is promised, of which `engagee_prioritaire` to priority
    operations (euros). `tranches_ouvertes` counts the tranches released so far; None: not known.
    """

    code: str
    libelle: str
    ouverte: Decimal
    engagee: Decimal = ZERO
    engagee_prioritaire: Decimal = ZERO
    tranches_ouvertes: int | None = None

    @property
    def disponible(self) -> Decimal:
        """What is left, never negative."""
        return max(ZERO, self.ouverte - self.engagee)


@dataclass(frozen=True, slots=True)
class Poste:
    """An engineering post asked as an aid. `sorte`: generaliste, thematique, administratif or encadrement.

    `quotite` is the share of a full time given to the contract (0 to 1); `leader` whether LEADER pays it too
    (None: not known); `deja_soutenus` counts the posts of the same kind already aided in the territory.
    """

    sorte: str
    quotite: Decimal = Decimal(1)
    leader: bool | None = None
    deja_soutenus: int | None = None


@dataclass(frozen=True, slots=True)
class Projet:
    """A project under pré-instruction; amounts are euros HT.

    `assiette` None means that the whole cost is eligible. `financements` are the rows of the plan; a row of
    the authority itself, asked or envisaged, is the aid under examination and never counts against itself.

    Everything after `secteurs` is optional; None, an empty text and an absent key of a mapping mean “not
    known”, to which a rule that needs it answers “à vérifier”; an empty tuple means “none”.
    `indicateurs` are those of the owner or its territory, by code; `depenses` the cost by kind of spending
    (euros); `quantites` what is built or bought, by unit. `rang` is the owner's order among its files of the
    year, from 1. `commence_le` is the start of the works, planned or real; `engage_le` the day the authority
    had already committed itself to this project. The flags `en_contrat`, `cper`, `ctec` say under which
    agreement the project is recorded; `cadre` holds the rest of its legal frame.
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
    categorie: str = ""
    territoire: str = ""
    zonages: tuple[str, ...] | None = None
    listes: tuple[str, ...] | None = None
    criteres: tuple[str, ...] = ()
    pieces: tuple[str, ...] | None = None
    indicateurs: Mapping[str, Decimal] = field(default_factory=dict)
    depenses: Mapping[str, Decimal] | None = None
    quantites: Mapping[str, Decimal] = field(default_factory=dict)
    annee: int | None = None
    debut_le: date | None = None
    dossier_complet_le: date | None = None
    commence_le: date | None = None
    engage_le: date | None = None
    rang: int | None = None
    au_programme: bool | None = None
    aides_anterieures: tuple[AideAnterieure, ...] | None = None
    enveloppes: tuple[Enveloppe, ...] | None = None
    poste: Poste | None = None
    en_contrat: bool = False
    cper: bool = False
    ctec: bool = False
    cadre: CadreJuridique = CADRE_COMMUN
    payeur: str = ""
    """Code of the envelope that pays the project, empty when nobody said it."""

    def __post_init__(self) -> None:
        exiger_montant(self.cout_ht, "Le coût HT")
        exiger_montant(self.aide_demandee, "L’aide demandée")
        if self.assiette is not None:
            exiger_montant(self.assiette, "L’assiette")

    @property
    def assiette_eligible(self) -> Decimal:
        """The eligible base, never above the cost."""
        return self.cout_ht if self.assiette is None else min(self.assiette, self.cout_ht)

    def enveloppe(self, code: str) -> Enveloppe | None:
        """The credit line of that code, None when it was not handed in."""
        return next((e for e in self.enveloppes or () if e.code == code), None)

    def est_paye_hors(self, *codes: str) -> bool:
        """Another envelope of those handed in pays the project than those of `codes`."""
        return bool(self.payeur) and self.payeur not in codes and self.enveloppe(self.payeur) is not None

    @property
    def cout_du_plan(self) -> Decimal:
        """What the rows of the plan finance: the cost HT, or TTC when the plan says so and the cost is
        known.
        """
        cout_ttc = self.cadre.cout_ttc
        return cout_ttc if self.cadre.plan_ttc and cout_ttc is not None else self.cout_ht

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
    return financement.financeur is financeur and financement.statut.est_en_attente


def _somme(financements: Iterable[Financement]) -> Decimal:
    return sum((f.montant for f in financements), ZERO)
