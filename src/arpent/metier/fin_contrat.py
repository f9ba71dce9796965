"""How a contract ends before its term: by agreement, denounced by one party, or for the general interest.

Dates only: what must come before what, and the delay that the règlement leaves after a formal notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arpent.metier.temps import ajouter_mois


class MotifFin(StrEnum):
    """Why the contract ends."""

    ACCORD = "accord"
    INTERET_GENERAL = "interet"
    MANQUEMENT = "manquement"


LIBELLES_FIN: dict[MotifFin, str] = {
    MotifFin.ACCORD: "Résilié d’un commun accord",
    MotifFin.INTERET_GENERAL: "Dénoncé pour un motif d’intérêt général",
    MotifFin.MANQUEMENT: "Dénoncé pour un manquement grave",
}


@dataclass(frozen=True, slots=True)
class FinDemandee:
    """`par_une_partie`: somebody denounces it; False: all of them agree."""

    motif: MotifFin
    par_une_partie: bool
    acte_le: date
    notifie_le: date
    effet_le: date
    mise_en_demeure_le: date | None = None


@dataclass(frozen=True, slots=True)
class Defaut:
    """What is wrong, and the field it is about."""

    champ: str
    phrase: str


def controler(
    fin: FinDemandee, *, debut: date | None, terme: date | None, delai_mois: int | None, le: date
) -> list[Defaut]:
    """Everything wrong with those dates on the day `le`.

    `debut`, `terme`: first and last day of the contract; `delai_mois`: months between the formal notice and
    the end, None when the règlement sets none.
    """
    return [*_qui(fin), *_dates(fin, debut, terme, le), *_mise_en_demeure(fin, delai_mois)]


def _qui(fin: FinDemandee) -> Iterator[Defaut]:
    if fin.motif is MotifFin.ACCORD and fin.par_une_partie:
        yield Defaut("auteur", "D’un commun accord, aucune partie n’agit seule : videz cette case.")
    if fin.motif is not MotifFin.ACCORD and not fin.par_une_partie:
        yield Defaut("auteur", "Dites quelle partie met fin au contrat.")


def _dates(fin: FinDemandee, debut: date | None, terme: date | None, le: date) -> Iterator[Defaut]:
    if fin.acte_le > le:
        yield Defaut("acte_le", "L’acte est daté dans l’avenir : notez-le quand il est pris.")
    if debut is not None and fin.acte_le < debut:
        yield Defaut("acte_le", f"L’acte précède le contrat, qui prend effet le {debut:%d/%m/%Y}.")
    if fin.notifie_le < fin.acte_le:
        yield Defaut("notifie_le", "La notification précède l’acte : vérifiez les deux dates.")
    if fin.notifie_le > le:
        yield Defaut("notifie_le", "La notification est datée dans l’avenir : notez-la quand elle est faite.")
    if fin.effet_le < fin.notifie_le:
        yield Defaut(
            "effet_le", "Le contrat ne peut pas prendre fin avant que les parties en soient avisées."
        )
    if terme is not None and fin.effet_le > terme:
        yield Defaut(
            "effet_le", f"Le contrat s’éteint de lui-même le {terme:%d/%m/%Y} : choisissez une date avant."
        )


def _mise_en_demeure(fin: FinDemandee, delai_mois: int | None) -> Iterator[Defaut]:
    if fin.motif is not MotifFin.MANQUEMENT:
        if fin.mise_en_demeure_le is not None:
            yield Defaut(
                "mise_en_demeure_le", "Une mise en demeure ne vaut que pour un manquement : videz cette case."
            )
        return
    if fin.mise_en_demeure_le is None:
        yield Defaut("mise_en_demeure_le", "Pour un manquement, donnez la date de la mise en demeure.")
        return
    if fin.mise_en_demeure_le > fin.acte_le:
        yield Defaut("mise_en_demeure_le", "La mise en demeure précède l’acte : vérifiez les deux dates.")
    if delai_mois is None:
        return
    au_plus_tot = ajouter_mois(fin.mise_en_demeure_le, delai_mois)
    if fin.effet_le < au_plus_tot:
        yield Defaut(
            "effet_le",
            f"La mise en demeure laisse {delai_mois} mois : pas de fin avant le {au_plus_tot:%d/%m/%Y}.",
        )
