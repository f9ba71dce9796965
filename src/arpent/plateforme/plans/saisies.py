"""What is written on a fiche, as values: rows of money and whole fiches, typed, imported or loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from arpent.metier.argent import ZERO, arrondir, formater_euros
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.reglements.models import PolitiqueSectorielle

from .models import DemarcheFinanceur, Fiche, LigneDepense, LigneFinancement


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """One row of a financing plan as typed, imported or loaded."""

    financeur: Financeur
    montant: Decimal
    statut: StatutFinancement = StatutFinancement.ENVISAGE
    libelle: str = ""
    le: date | None = None
    demonstration: bool = False

    def __str__(self) -> str:
        qui = self.libelle or LIBELLES_FINANCEUR[self.financeur]
        return f"{qui} : {formater_euros(self.montant)} ({LIBELLES_STATUT[self.statut].lower()})"

    def en_base(self, fiche: Fiche) -> LigneFinancement:
        return LigneFinancement(
            fiche=fiche,
            financeur=self.financeur.value,
            libelle=self.libelle,
            montant=self.montant,
            statut=self.statut.value,
            le=self.le,
            demonstration=self.demonstration,
        )


@dataclass(frozen=True, slots=True)
class DepenseSaisie:
    """One expense HT; `nature` is a code of the dispositif."""

    libelle: str
    montant: Decimal
    nature: str = ""
    eligible: bool = True

    def __str__(self) -> str:
        suite = "" if self.eligible else " (non éligible)"
        return f"{self.libelle or self.nature or 'dépense'} : {formater_euros(self.montant)}{suite}"

    def en_base(self, fiche: Fiche) -> LigneDepense:
        return LigneDepense(
            fiche=fiche,
            nature=self.nature,
            libelle=self.libelle,
            montant=self.montant,
            eligible=self.eligible,
        )


@dataclass(frozen=True, slots=True)
class DemarcheSaisie:
    """What was done towards a funder, or may be tried."""

    financeur: str
    genre: str = DemarcheFinanceur.Genre.PISTE.value
    dispositif: str = ""
    interlocuteur: str = ""
    le: date | None = None
    montant: Decimal | None = None
    reponse: str = DemarcheFinanceur.Reponse.ATTENDUE.value
    precision: str = ""
    suite: str = ""
    suite_le: date | None = None

    def __str__(self) -> str:
        genre = dict(DemarcheFinanceur.Genre.choices)[self.genre]
        qui = self.dispositif or dict(DemarcheFinanceur.financeur.field.choices or ()).get(self.financeur, "")
        return f"{genre} : {qui} ({dict(DemarcheFinanceur.Reponse.choices)[self.reponse]})"

    def en_base(self, fiche: Fiche) -> DemarcheFinanceur:
        return DemarcheFinanceur(
            fiche=fiche,
            genre=self.genre,
            financeur=self.financeur,
            dispositif=self.dispositif,
            interlocuteur=self.interlocuteur,
            le=self.le,
            montant=self.montant,
            reponse=self.reponse,
            precision=self.precision,
            suite=self.suite,
            suite_le=self.suite_le,
        )


@dataclass(frozen=True, slots=True)
class FicheSaisie:
    """A whole fiche to create: model fields, financing rows, sector policies, expenses."""

    champs: dict[str, Any]
    financements: tuple[LigneSaisie, ...] = ()
    politiques: tuple[PolitiqueSectorielle, ...] = field(default=())
    depenses: tuple[DepenseSaisie, ...] = ()


def montant_acquis(lignes: Iterable[LigneSaisie]) -> Decimal:
    """Money already granted by others than the owner."""
    return sum(
        (
            ligne.montant
            for ligne in lignes
            if ligne.statut is StatutFinancement.ACQUIS and ligne.financeur is not Financeur.AUTOFINANCEMENT
        ),
        ZERO,
    )


def cout_et_assiette(depenses: Iterable[DepenseSaisie]) -> tuple[Decimal, Decimal]:
    """(sum of the expenses, sum of the eligible ones), euros HT."""
    lues = list(depenses)
    return sum((d.montant for d in lues), ZERO), sum((d.montant for d in lues if d.eligible), ZERO)


def lignes_de(fiche: Fiche) -> list[LigneSaisie]:
    """The stored rows of the plan, as values."""
    return [
        LigneSaisie(
            Financeur(row.financeur),
            row.montant,
            StatutFinancement(row.statut),
            row.libelle,
            row.le,
            row.demonstration,
        )
        for row in fiche.financements.all()
    ]


def depenses_de(fiche: Fiche) -> list[DepenseSaisie]:
    """The stored expenses, as values."""
    return [DepenseSaisie(d.libelle, d.montant, d.nature, d.eligible) for d in fiche.depenses.all()]


def demarches_de(fiche: Fiche) -> list[DemarcheSaisie]:
    """The stored démarches and pistes, as values, in the order of their entry."""
    return [
        DemarcheSaisie(
            d.financeur,
            d.genre,
            d.dispositif,
            d.interlocuteur,
            d.le,
            d.montant,
            d.reponse,
            d.precision,
            d.suite,
            d.suite_le,
        )
        for d in sorted(fiche.demarches_financeurs.all(), key=lambda d: d.pk)
    ]


def lisible(valeur: Any) -> Any:
    """A field as the journal keeps it: what a person would read, not numbers of rows."""
    match valeur:
        case models.Model():
            return str(valeur)
        case Decimal():  # 1000 and 1000.00 are the same amount
            return arrondir(valeur)
        case dict():
            return [f"{cle.replace('_', ' ')} : {lisible(v)}" for cle, v in valeur.items()]
        case _:
            return valeur


def pour_journal(
    fiche: Fiche, champs: Iterable[str], rangees: dict[str, Sequence[object]], politiques: Sequence[str]
) -> dict[str, Any]:
    """The fiche and its rows as the journal keeps them. Coordinates keep their six decimals."""
    valeurs = {
        champ: v if champ in {"latitude", "longitude"} else lisible(v)
        for champ in champs
        for v in (getattr(fiche, champ),)
    }
    return (
        valeurs
        | {nom: [str(r) for r in lignes] for nom, lignes in rangees.items()}
        | {"politiques": sorted(politiques)}
    )
