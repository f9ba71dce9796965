"""Findings as a page prints them, live or frozen: words and kind of pill of each verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arpent.metier.reglement import LIBELLES_VERDICT, Constat, Preinstruction, Verdict

GENRES_VERDICT = {
    Verdict.CONFORME: "ok",
    Verdict.NON_CONFORME: "non",
    Verdict.A_VERIFIER: "alerte",
    Verdict.SANS_OBJET: "neutre",
}


@dataclass(frozen=True, slots=True)
class ConstatAffiche:
    """One finding. `derogeable`: the authority may set the rule aside for this project."""

    regle: str
    article: str
    intitule: str
    genre: str
    libelle: str
    explication: str
    calcul: str
    plafond: Decimal | None
    source: str
    demonstration: bool
    liant: bool = False
    derogeable: bool = False
    deroge: bool = False

    @property
    def se_lit_d_abord(self) -> bool:
        """True for what limits the aid or asks for attention; the rest is folded under a count."""
        return self.liant or self.genre in {"non", "alerte"}


def afficher(constat: Constat, *, liant: bool = False, derogeable: bool = False) -> ConstatAffiche:
    return ConstatAffiche(
        constat.regle,
        constat.article,
        constat.intitule,
        GENRES_VERDICT[constat.verdict],
        LIBELLES_VERDICT[constat.verdict],
        constat.explication,
        constat.calcul,
        constat.plafond,
        constat.source,
        constat.demonstration,
        liant,
        derogeable and constat.derogation is None,
        constat.derogation is not None,
    )


def depuis_json(constat: Mapping[str, Any]) -> ConstatAffiche:
    """A frozen constat."""
    verdict = Verdict(constat["verdict"])
    plafond = constat.get("plafond")
    return ConstatAffiche(
        constat["regle"],
        constat["article"],
        constat["intitule"],
        GENRES_VERDICT[verdict],
        LIBELLES_VERDICT[verdict],
        constat["explication"],
        constat.get("calcul", ""),
        None if plafond is None else Decimal(plafond),
        constat.get("source", ""),
        bool(constat.get("demonstration")),
        deroge=bool(constat.get("derogation")),
    )


def ordonner(resultat: Preinstruction) -> list[Constat]:
    """What binds first, then what does not hold, what is to be checked, what holds, what has no object."""
    rang = {Verdict.NON_CONFORME: 1, Verdict.A_VERIFIER: 2, Verdict.CONFORME: 3, Verdict.SANS_OBJET: 4}
    liant = resultat.plafond_liant.regle if resultat.plafond_liant else None
    return sorted(resultat.constats, key=lambda c: 0 if c.regle == liant else rang[c.verdict])
