"""Commitments, payments and what is expected, fund by year, against what was voted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros

from .glissement import Attendu, Glissement, Paiement, projeter


@dataclass(frozen=True, slots=True)
class Vote:
    """What the assembly voted for a fund and a year; None: not entered."""

    ap: Decimal | None = None
    cp: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FondsLu:
    """One fund as read. By year: `engages`, `payes`, `votes`; `reste`: the payments left to make."""

    code: str
    libelle: str
    enveloppe: Decimal | None = None
    engages: Mapping[int, Decimal] = field(default_factory=dict)
    payes: Mapping[int, Decimal] = field(default_factory=dict)
    votes: Mapping[int, Vote] = field(default_factory=dict)
    reste: Sequence[Paiement] = ()


@dataclass(frozen=True, slots=True)
class CaseAnnee:
    """One fund (or all of them) one year. None: not entered."""

    annee: int
    ap: Decimal | None
    engage: Decimal
    cp: Decimal | None
    paye: Decimal
    prevu: Decimal
    attendu: Attendu

    @property
    def total(self) -> Decimal:
        """Paid and still expected that year."""
        return self.paye + self.attendu.montant

    @property
    def ecart(self) -> Decimal | None:
        """What is left of the CP voted once everything expected is paid; negative: not enough."""
        return None if self.cp is None else self.cp - self.total


@dataclass(frozen=True, slots=True)
class LigneFonds:
    code: str
    libelle: str
    enveloppe: Decimal | None
    annees: tuple[CaseAnnee, ...]

    @property
    def engage(self) -> Decimal:
        return sum((a.engage for a in self.annees), ZERO)

    @property
    def paye(self) -> Decimal:
        return sum((a.paye for a in self.annees), ZERO)

    @property
    def est_vide(self) -> bool:
        """Nothing voted, committed, paid or planned, whatever the year."""
        return (
            self.ap is None
            and self.cp is None
            and not any(a.engage or a.paye or a.prevu for a in self.annees)
        )

    @property
    def reste_a_realiser(self) -> Decimal:
        return self.engage - self.paye

    @property
    def ap(self) -> Decimal | None:
        return _somme(a.ap for a in self.annees)

    @property
    def cp(self) -> Decimal | None:
        return _somme(a.cp for a in self.annees)


@dataclass(frozen=True, slots=True)
class AlerteCredits:
    """What does not hold. `grave` False: a risk within the interval. `annee` None: the fund as a whole."""

    code: str
    fonds: str
    annee: int | None
    texte: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class TableauCredits:
    """The funds, their total, what does not hold, and the method of the forecast."""

    fonds: tuple[LigneFonds, ...]
    total: LigneFonds
    alertes: tuple[AlerteCredits, ...]
    methode: str

    @property
    def annees(self) -> tuple[int, ...]:
        return tuple(a.annee for a in self.total.annees)


def dresser(fonds: Sequence[FondsLu], glissement: Glissement, today: date) -> TableauCredits:
    """Every fund on the same years; the total is computed on the whole, interval included."""
    tout = _ensemble(fonds)
    annees = _annees(tout, glissement, today)
    lignes = tuple(_ligne(f, annees, glissement, today) for f in fonds)
    return TableauCredits(
        fonds=lignes,
        total=_ligne(tout, annees, glissement, today),
        alertes=tuple(a for ligne in lignes for a in alertes_de(ligne)),
        methode=glissement.methode,
    )


def _somme(valeurs: Iterable[Decimal | None]) -> Decimal | None:
    lues = [v for v in valeurs if v is not None]
    return sum(lues, ZERO) if lues else None


def _ensemble(fonds: Sequence[FondsLu]) -> FondsLu:
    engages: dict[int, Decimal] = {}
    payes: dict[int, Decimal] = {}
    votes: dict[int, Vote] = {}
    for f in fonds:
        for cumul, lus in ((engages, f.engages), (payes, f.payes)):
            for annee, montant in lus.items():
                cumul[annee] = cumul.get(annee, ZERO) + montant
        for annee, vote in f.votes.items():
            deja = votes.get(annee, Vote())
            votes[annee] = Vote(_somme((deja.ap, vote.ap)), _somme((deja.cp, vote.cp)))
    return FondsLu(
        code="",
        libelle="Total",
        enveloppe=_somme(f.enveloppe for f in fonds),
        engages=engages,
        payes=payes,
        votes=votes,
        reste=[p for f in fonds for p in f.reste],
    )


def _annees(tout: FondsLu, glissement: Glissement, today: date) -> tuple[int, ...]:
    attendus = {a.annee for a in projeter(tout.reste, glissement, today)}
    connues = {*tout.engages, *tout.payes, *tout.votes, *attendus, *(p.le.year for p in tout.reste)}
    return tuple(range(min(connues), max(connues) + 1)) if connues else ()


def _ligne(f: FondsLu, annees: Sequence[int], glissement: Glissement, today: date) -> LigneFonds:
    attendus = {a.annee: a for a in projeter(f.reste, glissement, today)}
    prevus: dict[int, Decimal] = {}
    for p in f.reste:
        prevus[p.le.year] = prevus.get(p.le.year, ZERO) + p.montant
    return LigneFonds(
        f.code,
        f.libelle,
        f.enveloppe,
        tuple(
            CaseAnnee(
                annee=annee,
                ap=f.votes.get(annee, Vote()).ap,
                engage=f.engages.get(annee, ZERO),
                cp=f.votes.get(annee, Vote()).cp,
                paye=f.payes.get(annee, ZERO),
                prevu=prevus.get(annee, ZERO),
                attendu=attendus.get(annee, Attendu(annee, ZERO)),
            )
            for annee in annees
        ),
    )


def alertes_de(ligne: LigneFonds) -> Iterator[AlerteCredits]:
    """What does not hold in a fund, the fund as a whole first, then year by year."""
    ap, cp, nom = ligne.ap, ligne.cp, ligne.libelle
    if ap is not None and ligne.enveloppe is not None and ap > ligne.enveloppe:
        texte = (
            f"{nom} : {formater_euros(ap)} d’AP votées pour une enveloppe de "
            f"{formater_euros(ligne.enveloppe)}, {formater_euros(ap - ligne.enveloppe)} de trop."
        )
        yield AlerteCredits("ap_enveloppe", ligne.code, None, texte)
    if ap is not None and ligne.engage > ap:
        texte = (
            f"{nom} : {formater_euros(ligne.engage)} engagés pour {formater_euros(ap)} d’AP votées, "
            f"{formater_euros(ligne.engage - ap)} de trop."
        )
        yield AlerteCredits("engage_ap", ligne.code, None, texte)
    if ap is not None and cp is not None and cp > ap:
        texte = f"{nom} : {formater_euros(cp)} de CP votés en tout pour {formater_euros(ap)} d’AP votées."
        yield AlerteCredits("cp_ap", ligne.code, None, texte)
    for case in ligne.annees:
        yield from _alertes_de_l_annee(ligne, case)


def _alertes_de_l_annee(ligne: LigneFonds, case: CaseAnnee) -> Iterator[AlerteCredits]:
    if case.cp is None:
        return
    debut = f"{ligne.libelle}, {case.annee} : {formater_euros(case.paye)} payés et "
    if case.total > case.cp:
        texte = (
            f"{debut}{formater_euros(case.attendu.montant)} attendus pour {formater_euros(case.cp)} de CP "
            f"votés, il manque {formater_euros(case.total - case.cp)}."
        )
        yield AlerteCredits("cp_annee", ligne.code, case.annee, texte)
    elif case.attendu.haut is not None and case.paye + case.attendu.haut > case.cp:
        texte = (
            f"{debut}jusqu’à {formater_euros(case.attendu.haut)} possibles pour {formater_euros(case.cp)} de "
            f"CP votés : {formater_euros(case.paye + case.attendu.haut - case.cp)} pourraient manquer."
        )
        yield AlerteCredits("cp_risque", ligne.code, case.annee, texte, grave=False)
