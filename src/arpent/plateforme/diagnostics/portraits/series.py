"""The vintages of an indicator on a perimeter, as far back as the store holds them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arpent.plateforme.observatoire.catalogue import Publie, Rapport
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.portrait import LignePortrait
from arpent.plateforme.observatoire.tableau import Tableau

_AA = re.compile(r"^(.*_)(\d{2})$")
_AAAA = re.compile(r"^(.*_)(\d{4})$")
SIECLE = 2000


@dataclass(frozen=True, slots=True)
class Point:
    """One vintage: how it is said (2022, 2016-2022), where it stands on the axis of time, its value."""

    date: str
    quand: float
    valeur: float


def serie(
    magasin: Magasin, communes: Sequence[str], epci: Sequence[str], ligne: LignePortrait
) -> tuple[Point, ...]:
    """In order of time, today's value last; empty when nothing earlier is known.

    Published values of one EPCI and plain head counts are read at each vintage; else the earlier value is the
    one behind the published evolution. A vintage that is not whole is left out, never estimated.
    """
    actuelle = ligne.valeur.valeur
    if actuelle is None:
        return ()
    anciens = _publies(magasin, epci, ligne) or _effectifs(magasin, communes, epci, ligne)
    if not anciens and (avant := _avant(ligne, actuelle)) is not None and ligne.indicateur.evolution:
        date = ligne.indicateur.evolution.millesime
        anciens = [Point(date, milieu(date), avant)]
    fin = Point(ligne.valeur.millesime, milieu(ligne.valeur.millesime), actuelle)
    gardes = [p for p in sorted(anciens, key=lambda p: p.quand) if p.quand < fin.quand]
    return (*gardes, fin) if gardes else ()


def milieu(millesime: str) -> float:
    """The year of a vintage, the middle of a period: 2022, 2016-2022, « 2021 (RP) »."""
    annees = [int(a) for a in re.findall(r"\b(?:19|20)\d{2}\b", millesime)]
    return sum(annees) / len(annees) if annees else 0.0


def _publies(magasin: Magasin, epci: Sequence[str], ligne: LignePortrait) -> list[Point]:
    regle = ligne.indicateur.calcul
    if not isinstance(regle, Publie) or len(epci) != 1 or not (lu := _AA.match(regle.colonne)):
        return []
    points = []
    for nom in magasin.epci.colonnes:
        autre = _AA.match(nom)
        if autre and autre[1] == lu[1] and nom != regle.colonne:
            valeur = magasin.epci.valeur(epci[0], nom)
            if valeur is not None:
                annee = SIECLE + int(autre[2])
                points.append(Point(str(annee), annee, valeur))
    return points


def _effectifs(
    magasin: Magasin, communes: Sequence[str], epci: Sequence[str], ligne: LignePortrait
) -> list[Point]:
    regle = ligne.indicateur.calcul
    if not isinstance(regle, Rapport) or regle.denominateur or not (lu := _AAAA.match(regle.numerateur)):
        return []
    table, codes = (magasin.epci, epci) if regle.niveau == "epci" else (magasin.communes, communes)
    points = []
    for nom in table.colonnes:
        autre = _AAAA.match(nom)
        if autre and autre[1] == lu[1] and nom != regle.numerateur:
            total = _total(table, nom, codes)
            if total is not None:
                points.append(Point(autre[2], float(autre[2]), total * regle.facteur))
    return points


def _total(table: Tableau, nom: str, codes: Sequence[str]) -> float | None:
    """The sum when every place has its value."""
    valeurs = table.extrait(nom, table.rangs_de(codes))
    return None if np.isnan(valeurs).any() else float(valeurs.sum())


def _avant(ligne: LignePortrait, actuelle: float) -> float | None:
    """The earlier value, from the evolution that was published or computed."""
    regle, change = ligne.indicateur.evolution, ligne.valeur.evolution
    if regle is None or change is None:
        return None
    if regle.forme == "pct":
        return None if change <= -100 else actuelle / (1 + change / 100)
    return actuelle - change
