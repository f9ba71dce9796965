"""Naming a state of the contract: « base », « avenant-2 », or a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arpent.metier.avenants import BASE, Acte, Consolide, EtatContractuel, consolider

from ..models import Contrat
from .documents import nom_d_acte


class RepereInconnu(ValueError):
    """No state of that name; the message is French and lists those that exist."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """The signed version and the acts in force, read once."""

    contrat: Contrat
    base: EtatContractuel
    actes: tuple[Acte, ...]

    def au(self, le: date | None) -> Consolide:
        return consolider(self.base, self.actes, le)


@dataclass(frozen=True, slots=True)
class Repere:
    """A state and how it is named in a sentence."""

    nom: str
    etat: EtatContractuel


def lire_repere(lecture: Lecture, texte: str) -> Repere:
    """The state that « base », « avenant-2 » (just after it) or « 2027-06-30 » names. RepereInconnu."""
    texte = texte.strip().lower()
    if texte == BASE:
        return Repere("le contrat signé", lecture.base)
    ordonnes = sorted(lecture.actes, key=lambda a: (a.effet, a.ordre, a.code))
    for rang, acte in enumerate(ordonnes):
        if acte.code == texte:
            nom = nom_d_acte(acte.code)
            return Repere(
                f"l’{nom[:1].lower()}{nom[1:]}", consolider(lecture.base, ordonnes[: rang + 1]).etat
            )
    try:
        le = date.fromisoformat(texte)
    except ValueError:
        connus = ", ".join([BASE, *(a.code for a in ordonnes)])
        raise RepereInconnu(
            f"« {texte[:40]} » ne désigne aucun état du contrat : écrivez une date (2027-06-30) ou {connus}."
        ) from None
    return Repere(f"le {le:%d/%m/%Y}", lecture.au(le).etat)
