"""Subtotals of a maquette by axis then theme, and its schedule: commitments (AP), then payments (CP)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.argent import etaler
from arpent.metier.plan_financement import Caisse

from .donnees import ZERO, LigneMaquetteDoc, MaquetteDoc


def caisses_de(doc: MaquetteDoc) -> tuple[Caisse, ...]:
    """Each fund with what its lines propose; empty when one fund pays everything."""
    aides = {c: [x.aide for x in doc.lignes if x.fonds == c.libelle and x.aide] for c in doc.credits}
    return tuple(replace(c, propose=sum(m, ZERO), nombre=len(m)) for c, m in aides.items())


def aides_publiques(ligne: LigneMaquetteDoc) -> Decimal:
    """The authority's aid and the others', private money left out."""
    autres = (x.montant for x in ligne.financements if not (x.est_autofinancement or x.est_prive))
    return ligne.aide + sum(autres, ZERO)


@dataclass(frozen=True, slots=True)
class Groupe:
    """Rows under one label (or one alone), with their totals."""

    libelle: str
    lignes: tuple[LigneMaquetteDoc, ...]

    @property
    def cout_ht(self) -> Decimal:
        return sum((x.cout_ht for x in self.lignes), ZERO)

    @property
    def cout_ttc(self) -> Decimal | None:
        """None as soon as one is unknown: a partial sum would pass for the whole."""
        connus = [x.cout_ttc for x in self.lignes if x.cout_ttc is not None]
        return sum(connus, ZERO) if connus and len(connus) == len(self.lignes) else None

    @property
    def assiette(self) -> Decimal:
        return sum((x.assiette for x in self.lignes), ZERO)

    @property
    def aide(self) -> Decimal:
        return sum((x.aide for x in self.lignes), ZERO)

    @property
    def autres_aides(self) -> Decimal:
        return sum((x.autres_aides for x in self.lignes), ZERO)

    @property
    def reste_a_charge(self) -> Decimal:
        return sum((x.reste_a_charge for x in self.lignes), ZERO)

    @property
    def taux(self) -> Decimal | None:
        return self.aide / self.assiette if self.assiette else None

    @property
    def taux_public(self) -> Decimal | None:
        publiques = sum((aides_publiques(x) for x in self.lignes), ZERO)
        return publiques / self.cout_ht if self.cout_ht else None

    @property
    def part_maitre_ouvrage(self) -> Decimal | None:
        return self.reste_a_charge / self.cout_ht if self.cout_ht else None

    def recu_de(self, financeur: str) -> Decimal:
        """What one other funder brings."""
        tous = (f for x in self.lignes for f in x.financements if not f.est_autofinancement)
        return sum((f.montant for f in tous if f.financeur == financeur), ZERO)


@dataclass(frozen=True, slots=True)
class Axe:
    """An axis and its themes."""

    total: Groupe
    themes: tuple[Groupe, ...]


def axes_de(doc: MaquetteDoc) -> tuple[Axe, ...]:
    """The rows by axis then theme, in alphabetical order; inside a theme, the order of the maquette."""
    axes: dict[str, dict[str, list[LigneMaquetteDoc]]] = {}
    for ligne in doc.lignes:
        axes.setdefault(ligne.groupe_axe, {}).setdefault(ligne.groupe_theme, []).append(ligne)
    return tuple(
        Axe(
            Groupe(axe, tuple(x for nom in sorted(themes) for x in themes[nom])),
            tuple(Groupe(nom, tuple(themes[nom])) for nom in sorted(themes)),
        )
        for axe, themes in sorted(axes.items())
    )


def financeurs_de(doc: MaquetteDoc) -> tuple[tuple[str, bool], ...]:
    """The other funders that are present, in alphabetical order, and whether their money is public."""
    prives: dict[str, bool] = {}
    for x in (x for ligne in doc.lignes for x in ligne.financements if not x.est_autofinancement):
        prives[x.financeur] = prives.get(x.financeur, True) and x.est_prive
    return tuple((nom, not prives[nom]) for nom in sorted(prives))


@dataclass(frozen=True, slots=True)
class Echeance:
    """What is committed one year (None: year to be set), and when it is paid."""

    annee: int | None
    ap: Decimal
    cp: tuple[tuple[int, Decimal], ...]


def echeances_de(doc: MaquetteDoc) -> tuple[Echeance, ...]:
    """AP by year and the CP of each: shares rounded to the cent, the last one takes the remainder."""
    aps: dict[int | None, Decimal] = {}
    for ligne in doc.lignes:
        aps[ligne.annee] = aps.get(ligne.annee, ZERO) + ligne.aide
    dates = sorted(x for x in aps if x is not None)
    echeances = [
        Echeance(annee, aps[annee], _paiements(annee, aps[annee], doc.echeancier)) for annee in dates
    ]
    if None in aps:
        echeances.append(Echeance(None, aps[None], ()))
    return tuple(echeances)


def _paiements(annee: int, ap: Decimal, parts: tuple[Decimal, ...]) -> tuple[tuple[int, Decimal], ...]:
    return tuple(enumerate(etaler(ap, parts), start=annee))


def annees_de_paiement(echeances: tuple[Echeance, ...]) -> tuple[int, ...]:
    return tuple(sorted({annee for x in echeances for annee, _ in x.cp}))


def phrase_echeancier(doc: MaquetteDoc) -> str:
    return dire_echeancier(doc.echeancier, doc.echeancier_source)


def dire_echeancier(parts: Sequence[Decimal], source: str) -> str:
    """« Hypothèse : 30 % payés l’année de l’engagement, puis 50 %, 20 % les années suivantes. »"""
    premier, *suites = (f"{(p * 100).normalize():f}".replace(".", ",") + "\u00a0%" for p in parts)
    suite = f", puis {', '.join(suites)} les années suivantes" if suites else ""
    return f"{source or 'Hypothèse'} : {premier} payés l’année de l’engagement{suite}."
