"""What a document needs to know: frozen values, filled by the apps above, read by the renderers.

Nothing here knows Django, a queryset, a template or a clock. Amounts are Decimal euros to the cent; rates are
between 0 and 1; dates are ``datetime.date``; an unknown amount or date is None (shown « – » or as a blank to
fill in), an empty text is "". Texts are plain text: renderers never read them as markup. A paragraph is one
string; a newline inside it is a line break.

``demonstration=True`` marks a value made up for the demonstration: every renderer shows it as such.
Totals and balances are properties computed from the rows, so that a document cannot disagree with itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from arpent.metier.plan_financement import Caisse

from .donnees_charte import CharteDoc

ZERO = Decimal("0.00")

TypeConstat = Literal["force", "faiblesse", "opportunité", "menace"]
Verdict = Literal["conforme", "non conforme", "à vérifier"]
GenreColonne = Literal["texte", "montant", "entier", "decimal", "date", "taux"]
Cellule = str | Decimal | int | date | None


# --- The contract itself -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartieDoc:
    """A signatory."""

    nom: str
    """« Département de la Lozère », « Communauté de communes du Gévaudan »."""
    representant: str = ""
    """« Mme Jeanne Martin »; empty: a blank to fill in by hand."""
    qualite: str = ""
    """« présidente du Conseil départemental »."""
    adresse: str = ""
    siren: str = ""
    designation: str = ""
    """Shown after the address: « ci-après « le Département » »."""


@dataclass(frozen=True, slots=True)
class VisaDoc:
    """« Vu … ». With ``attendu=True`` and no date, « en date du … » stays blank, to fill in by hand."""

    texte: str
    prise_le: date | None = None
    attendu: bool = False
    """True for a délibération that is expected but not yet taken."""


@dataclass(frozen=True, slots=True)
class ArticleDoc:
    numero: str
    titre: str
    paragraphes: tuple[str, ...]


# --- The diagnostic ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicateurDoc:
    """One line of the portrait. Values arrive as displayed text with their unit (« 14,8 hab./km² »)."""

    famille: str
    libelle: str
    valeur: str
    evolution: str = ""
    departement: str = ""
    france: str = ""
    source: str = ""
    millesime: str = ""


@dataclass(frozen=True, slots=True)
class ConstatDoc:
    """A finding of the diagnostic (AFOM) and the indicator that proves it."""

    type: TypeConstat
    texte: str
    preuve: str = ""


@dataclass(frozen=True, slots=True)
class EnjeuDoc:
    numero: str
    titre: str
    priorite: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class DiagnosticDoc:
    resume: tuple[str, ...] = ()
    """Paragraphs in plain French."""
    indicateurs: tuple[IndicateurDoc, ...] = ()
    constats: tuple[ConstatDoc, ...] = ()
    enjeux: tuple[EnjeuDoc, ...] = ()


# --- The action plan -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LignePlanDoc:
    """One row of a financing plan: who, under which scheme, how sure, how much."""

    financeur: str
    libelle: str
    """The scheme: « DETR 2018 », « Contrat territorial », « Fonds propres »."""
    statut: str
    """« acquis », « demandé », « proposé », « prévu »…"""
    montant: Decimal
    est_autofinancement: bool = False
    demonstration: bool = False
    est_prive: bool = False
    """Private money: left out of the public aids."""


@dataclass(frozen=True, slots=True)
class ConstatRegleDoc:
    """One rule of the règlement seen on one fiche: its article, its arithmetic, its verdict."""

    libelle: str
    article: str
    verdict: Verdict
    explication: str
    plafond: Decimal | None = None
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class FicheDoc:
    numero: str
    titre: str
    maitre_ouvrage: str
    theme: str
    axe: str = ""
    enjeu: str = ""
    maturite: str = ""
    priorite: str = ""
    calendrier: str = ""
    """« 2027-2028 », « travaux au 2ᵉ semestre 2027 »."""
    localisation: str = ""
    description: str = ""
    cout_ht: Decimal | None = None
    cout_ttc: Decimal | None = None
    assiette: Decimal | None = None
    plan: tuple[LignePlanDoc, ...] = ()
    """Every row of the financing plan, the authority's aid and the owner's own share included."""
    aide_proposee: Decimal | None = None
    aide_maximale: Decimal | None = None
    """The most that the rules allow; ``None`` when they cannot tell."""
    plafond_liant: str = ""
    """Name of the rule that sets ``aide_maximale``."""
    constats: tuple[ConstatRegleDoc, ...] = ()
    demonstration: bool = False
    """True when the aid, the cost or the base is a demonstration value."""

    @property
    def total_plan(self) -> Decimal:
        return sum((ligne.montant for ligne in self.plan), ZERO)

    @property
    def ecart_plan(self) -> Decimal | None:
        """Cost HT minus total of the plan: 0 when the plan is balanced, None without a cost or a plan."""
        return None if self.cout_ht is None or not self.plan else self.cout_ht - self.total_plan

    @property
    def taux_aide(self) -> Decimal | None:
        """Proposed aid over the eligible base, between 0 and 1."""
        return _taux(self.aide_proposee, self.assiette)

    @property
    def a_des_valeurs_de_demonstration(self) -> bool:
        plan = any(ligne.demonstration for ligne in self.plan)
        return self.demonstration or plan or any(constat.demonstration for constat in self.constats)


# --- The maquette --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LigneMaquetteDoc:
    """One project of the maquette; ``financements`` holds the *other* funders, not the authority's aid."""

    numero: str
    titre: str
    maitre_ouvrage: str
    theme: str
    annee: int | None
    cout_ht: Decimal
    assiette: Decimal
    aide: Decimal
    """What the authority proposes in this contract."""
    financements: tuple[LignePlanDoc, ...] = ()
    """Other funders. Rows with ``est_autofinancement`` are ignored: the owner's remainder is computed."""
    fonds: str = ""
    """The fund or envelope that pays, when the contract has several."""
    demonstration: bool = False
    axe: str = ""
    maturite: str = ""
    calendrier: str = ""
    priorite: str = ""
    statut: str = ""
    """The provisional decision, as the page writes it."""
    cout_ttc: Decimal | None = None
    reference: str = ""
    """What finds the project again when the workbook comes back."""

    @property
    def autres_aides(self) -> Decimal:
        return sum((x.montant for x in self.financements if not x.est_autofinancement), ZERO)

    @property
    def reste_a_charge(self) -> Decimal:
        return self.cout_ht - self.aide - self.autres_aides

    @property
    def taux(self) -> Decimal | None:
        return _taux(self.aide, self.assiette)

    @property
    def groupe_axe(self) -> str:
        return self.axe or "Sans axe"

    @property
    def groupe_theme(self) -> str:
        return self.theme or "Sans thème"

    @property
    def groupe_maitre_ouvrage(self) -> str:
        return self.maitre_ouvrage or "Sans maître d’ouvrage"

    @property
    def groupe_annee(self) -> str:
        return "Année à préciser" if self.annee is None else str(self.annee)


@dataclass(frozen=True, slots=True)
class TotalDoc:
    """A group of rows of the maquette. ``cout_ht`` and ``autres_aides`` are None in totals by funder."""

    libelle: str
    nombre: int
    montant: Decimal
    cout_ht: Decimal | None = None
    autres_aides: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MaquetteDoc:
    titre: str
    autorite: str
    """Name of the funder whose aid is negotiated; heads the totals by funder."""
    territoire: str
    etabli_le: date
    lignes: tuple[LigneMaquetteDoc, ...]
    enveloppe: Decimal | None = None
    formule: tuple[str, ...] = ()
    """How the envelope was computed, one sentence a line; empty when it was typed in."""
    sources: tuple[str, ...] = ()
    mentions_demonstration: tuple[str, ...] = ()
    """What exactly is made up (« Taux d’aide par thème : valeurs de démonstration »)."""
    enveloppe_demonstration: bool = False
    brouillon: bool = True
    echeancier: tuple[Decimal, ...] = (Decimal("0.30"), Decimal("0.50"), Decimal("0.20"))
    """Shares of an aid paid from the year it is committed; together 1."""
    echeancier_source: str = ""
    """Where the shares come from; empty: an hypothesis, written as such."""
    retour: str = ""
    """« slug:scenario » when the workbook may come back; empty for a document that does not."""
    credits: tuple[Caisse, ...] = ()
    """What each fund has here, when there are several."""

    @property
    def cout_total(self) -> Decimal:
        return sum((x.cout_ht for x in self.lignes), ZERO)

    @property
    def assiette_totale(self) -> Decimal:
        return sum((x.assiette for x in self.lignes), ZERO)

    @property
    def aide_totale(self) -> Decimal:
        return sum((x.aide for x in self.lignes), ZERO)

    @property
    def autres_aides_totales(self) -> Decimal:
        return sum((x.autres_aides for x in self.lignes), ZERO)

    @property
    def reste_a_charge_total(self) -> Decimal:
        return sum((x.reste_a_charge for x in self.lignes), ZERO)

    @property
    def solde(self) -> Decimal | None:
        """What remains of the envelope (negative: exceeded); None without an envelope."""
        return None if self.enveloppe is None else self.enveloppe - self.aide_totale

    @property
    def par_theme(self) -> tuple[TotalDoc, ...]:
        return self._totaux(lambda x: x.groupe_theme)

    @property
    def par_maitre_ouvrage(self) -> tuple[TotalDoc, ...]:
        return self._totaux(lambda x: x.groupe_maitre_ouvrage)

    @property
    def par_annee(self) -> tuple[TotalDoc, ...]:
        return self._totaux(lambda x: x.groupe_annee)

    @property
    def par_financeur(self) -> tuple[TotalDoc, ...]:
        """The authority, the other funders by name, then the owners' remainder: together, the whole cost."""
        autres: dict[str, list[Decimal]] = {}
        for financement in (f for x in self.lignes for f in x.financements if not f.est_autofinancement):
            autres.setdefault(financement.financeur, []).append(financement.montant)
        aides = [x.aide for x in self.lignes if x.aide]
        restes = [x.reste_a_charge for x in self.lignes if x.reste_a_charge]
        return (
            TotalDoc(self.autorite, len(aides), sum(aides, ZERO)),
            *(TotalDoc(nom, len(m), sum(m, ZERO)) for nom, m in sorted(autres.items())),
            TotalDoc("Maîtres d’ouvrage (reste à charge)", len(restes), sum(restes, ZERO)),
        )

    @property
    def a_des_valeurs_de_demonstration(self) -> bool:
        lignes = any(x.demonstration or any(f.demonstration for f in x.financements) for x in self.lignes)
        return bool(self.mentions_demonstration) or self.enveloppe_demonstration or lignes

    def _totaux(self, cle: Callable[[LigneMaquetteDoc], str]) -> tuple[TotalDoc, ...]:
        groupes: dict[str, list[LigneMaquetteDoc]] = {}
        for ligne in self.lignes:
            groupes.setdefault(cle(ligne), []).append(ligne)
        return tuple(_total(libelle, groupes[libelle]) for libelle in sorted(groupes))


# --- The whole contract --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContratDoc:
    titre: str
    """« Contrat territorial 2026-2028 »."""
    reference: str
    autorite: str
    territoire: str
    parties: tuple[PartieDoc, ...]
    etabli_le: date
    """Date of generation, handed down by the caller: the same data give the same bytes."""
    dispositif: str = ""
    periode: str = ""
    version: str = ""
    preambule: tuple[str, ...] = ()
    visas: tuple[VisaDoc, ...] = ()
    articles: tuple[ArticleDoc, ...] = ()
    diagnostic: DiagnosticDoc | None = None
    fiches: tuple[FicheDoc, ...] = ()
    maquette: MaquetteDoc | None = None
    mentions_demonstration: tuple[str, ...] = ()
    fait_a: str = ""
    brouillon: bool = True  # « Projet de contrat » on the cover and on every page
    gabarit: str = "contrat/v1"
    charte: CharteDoc | None = None


# --- Any list exported as it is shown ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColonneDoc:
    code: str
    libelle: str
    genre: GenreColonne = "texte"


def _taux(montant: Decimal | None, base: Decimal | None) -> Decimal | None:
    return montant / base if montant is not None and base else None


def _total(libelle: str, lignes: Iterable[LigneMaquetteDoc]) -> TotalDoc:
    lignes = tuple(lignes)
    return TotalDoc(
        libelle,
        len(lignes),
        sum((x.aide for x in lignes), ZERO),
        sum((x.cout_ht for x in lignes), ZERO),
        sum((x.autres_aides for x in lignes), ZERO),
    )
