"""When an aid is expected to be paid: advance, instalments by year, balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir, etaler
from arpent.metier.temps import ajouter_mois

from .regles import SOLDE_MOIS, GenreVersement, ReglesVersement


@dataclass(frozen=True, slots=True)
class Prevu:
    """One planned payment."""

    genre: GenreVersement
    le: date
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Travaux:
    """Start and planned end of the works; None when not known."""

    debut: date | None
    fin: date | None

    @property
    def bornes(self) -> tuple[date, date] | None:
        if self.debut is None or self.fin is None or self.fin < self.debut:
            return None
        return self.debut, self.fin


def echeancier(
    montant: Decimal,
    verse: Decimal,
    regles: ReglesVersement,
    travaux: Travaux,
    *,
    attribue_le: date,
    parts: Sequence[Decimal],
) -> tuple[Prevu, ...]:
    """The payments left, in order; together `montant` − `verse` (nothing when all is paid).

    `parts` (together 1): shares of the aid paid each year, without the dates of the works or the rates.
    """
    bornes = travaux.bornes
    if bornes is None or not regles.saisies:
        prevus = _par_parts(montant, attribue_le, parts)
    else:
        prevus = _par_travaux(montant, regles, *bornes)
    return tuple(_apres(prevus, verse))


def _par_parts(montant: Decimal, attribue_le: date, parts: Sequence[Decimal]) -> list[Prevu]:
    annuels = etaler(montant, parts)
    return [
        Prevu(
            GenreVersement.SOLDE if rang == len(annuels) - 1 else GenreVersement.ACOMPTE,
            date(attribue_le.year + rang, 12, 31),
            part,
        )
        for rang, part in enumerate(annuels)
    ]


def _par_travaux(montant: Decimal, regles: ReglesVersement, debut: date, fin: date) -> list[Prevu]:
    avance = arrondir(montant * (regles.avance_taux or ZERO))
    prevus = [Prevu(GenreVersement.AVANCE, debut, avance)]
    plafond = arrondir(montant * regles.acomptes_taux) if regles.acomptes_taux is not None else avance
    jours = (fin - debut).days
    cumul = avance
    for annee in range(debut.year, fin.year):
        le = date(annee, 12, 31)
        vise = min(arrondir(montant * (le - debut).days / jours), plafond)
        if vise - cumul > ZERO and vise - cumul >= (regles.acompte_minimum or ZERO):
            prevus.append(Prevu(GenreVersement.ACOMPTE, le, vise - cumul))
            cumul = vise
    mois = SOLDE_MOIS if regles.solde_mois is None else regles.solde_mois
    prevus.append(Prevu(GenreVersement.SOLDE, ajouter_mois(fin, mois), montant - cumul))
    return prevus


def _apres(prevus: Sequence[Prevu], verse: Decimal) -> list[Prevu]:
    """What is left once `verse` has been taken off the first ones; null amounts go."""
    restants, a_imputer = [], verse
    for prevu in prevus:
        pris = min(prevu.montant, a_imputer)
        a_imputer -= pris
        if prevu.montant > pris:
            restants.append(Prevu(prevu.genre, prevu.le, prevu.montant - pris))
    return restants
