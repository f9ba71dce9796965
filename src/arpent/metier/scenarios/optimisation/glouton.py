"""The second opinion anyone can redo by hand: go down the list, keep what still fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal

from arpent.metier.argent import ZERO

from .probleme import Candidat, Minimum, Nombre, Objectif, Paiements, Plafond, Probleme
from .solution import Choisis, Choix, prise

_CENT = Decimal("0.01")
_Limite = Plafond | Paiements | Nombre
"""What a project may not pass."""


class Restes:
    """What is left of each constraint while one goes down the list."""

    def __init__(self, probleme: Probleme) -> None:
        self._montants: dict[str, Decimal] = {}
        self._nombres: dict[str, int] = {}
        self._nommees: dict[str, list[_Limite]] = {}
        self._par_cle: dict[tuple[str, str, str], list[_Limite]] = {}
        limites = [k for k in probleme.contraintes if not isinstance(k, Minimum)]
        self._contraintes = [k for k in limites if k.portee.identifiants is None]
        for k in limites:
            for identifiant in k.portee.identifiants or ():
                self._nommees.setdefault(identifiant, []).append(k)
        for k in limites:
            if not isinstance(k, Nombre):
                self._montants[k.code] = k.montant
            elif k.maximum is not None:
                self._nombres[k.code] = k.maximum

    def _de(self, c: Candidat) -> list[_Limite]:
        """The constraints a project is under; projects alike share the list, then those that name it."""
        cle = (c.theme, c.territoire, c.maitre_ouvrage)
        if cle not in self._par_cle:
            self._par_cle[cle] = [k for k in self._contraintes if k.portee.prend(c)]
        nommees = [k for k in self._nommees.get(c.identifiant, ()) if k.portee.prend(c)]
        return self._par_cle[cle] + nommees if nommees else self._par_cle[cle]

    def possible(self, c: Candidat, annee: int) -> Decimal | None:
        """The most this project can still get that year (≥ its floor), None when it does not fit."""
        aide = c.aide_max
        for k in self._de(c):
            if not k.portee.prend_annee(annee):
                continue
            if isinstance(k, Nombre):
                if self._nombres.get(k.code, 1) < 1:
                    return None
                continue
            part = k.part(annee) if isinstance(k, Paiements) else Decimal(1)
            if part and aide * part > self._montants[k.code]:
                aide = (self._montants[k.code] / part).quantize(_CENT, ROUND_FLOOR)
        return aide if aide >= c.plancher else None

    def prendre(self, c: Candidat, choix: Choix, sens: int = 1) -> None:
        """Takes the choice from what is left; `sens` -1 gives it back."""
        for k in self._de(c):
            pris = prise(k, c, choix) * sens
            if k.code in self._montants:
                self._montants[k.code] -= pris
            elif k.code in self._nombres:
                self._nombres[k.code] -= int(pris)

    def largeur(self, c: Candidat, annee: int) -> Decimal:
        """The narrowest of what is left that year, in euros: years with more room come first."""
        restes = [
            self._montants[k.code]
            for k in self._de(c)
            if not isinstance(k, Nombre) and k.portee.prend_annee(annee)
        ]
        return min(restes, default=ZERO)


def ordonner(probleme: Probleme) -> list[Candidat]:
    """The order of the list: imposed first, then the first objective that chooses."""
    premier = next((o for o in probleme.objectifs if o in (Objectif.CLASSEMENT, Objectif.TRAVAUX)), None)

    def cle(c: Candidat) -> tuple[bool, Decimal, str]:
        if premier is Objectif.CLASSEMENT:
            mesure = Decimal(c.rang) if c.rang is not None else Decimal("Infinity")
        else:
            mesure = -c.cout / c.plancher if c.plancher else -c.cout
        return (c.impose is not True, mesure, c.identifiant)

    return sorted((c for c in probleme.candidats if c.impose is not False), key=cle)


def _minima_d_abord(probleme: Probleme, ordre: Iterable[Candidat]) -> list[Candidat]:
    """The projects that the minima ask for come just after the imposed ones; each counts for its floor."""
    minima = [
        k for k in probleme.contraintes if isinstance(k, Minimum) or (isinstance(k, Nombre) and k.minimum)
    ]
    manque = {k.code: k.montant if isinstance(k, Minimum) else Decimal(k.minimum) for k in minima}
    avant: list[Candidat] = []
    apres: list[Candidat] = []
    for c in ordre:
        servis = [k for k in minima if manque[k.code] > 0 and k.portee.prend(c)]
        for k in servis:
            manque[k.code] -= c.plancher if isinstance(k, Minimum) else 1
        (avant if servis or c.impose else apres).append(c)
    return avant + apres


def choisir(probleme: Probleme) -> dict[str, Choix]:
    """Down the list, in the year with the most room. May miss a minimum.

    By rank, the most that fits; for the most works, each gets its floor, which leaves money for others.
    """
    restes = Restes(probleme)
    choix: dict[str, Choix] = {}
    justes = probleme.objectifs[0] is Objectif.TRAVAUX
    for c in _minima_d_abord(probleme, ordonner(probleme)):
        completer(c, restes, choix, au_plancher=justes)
    return choix


def completer(c: Candidat, restes: Restes, choix: dict[str, Choix], *, au_plancher: bool = False) -> bool:
    """Keeps the project if it fits somewhere. True when it was."""
    annees = sorted(c.annees, key=lambda annee: (-restes.largeur(c, annee), annee))
    possibles = [(aide, annee) for annee in annees if (aide := restes.possible(c, annee)) is not None]
    if not possibles:
        return False
    plus = max(aide for aide, _ in possibles)
    retenu = next(
        Choix(c.plancher if au_plancher else aide, annee) for aide, annee in possibles if aide == plus
    )
    restes.prendre(c, retenu)
    choix[c.identifiant] = retenu
    return True


def restes_apres(probleme: Probleme, choix: Choisis) -> Restes:
    """What is left once those choices are taken."""
    restes = Restes(probleme)
    par_id: Mapping[str, Candidat] = {c.identifiant: c for c in probleme.candidats}
    for identifiant, x in choix.items():
        restes.prendre(par_id[identifiant], x)
    return restes
