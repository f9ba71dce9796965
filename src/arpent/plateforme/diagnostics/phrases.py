"""What the figures say, in words: the title of the page, the key figures, the value a finding cites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_nombre
from arpent.plateforme.observatoire.calcul import ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import Indicateur
from arpent.plateforme.observatoire.portrait import LignePortrait, Rang

from .lecture import Lecture

CLES = (
    "population",
    "croissance_population",
    "part_65_plus",
    "niveau_vie_median",
    "taux_pauvrete",
    "residences_secondaires",
)
UNITE_COURTE = 6
"""A longer unit is said with the name: the figure stays large."""
STABLE = 0.05
"""Under this yearly growth, in %, the population is said stable."""


@dataclass(frozen=True, slots=True)
class Chiffre:
    code: str
    valeur: str
    libelle: str
    detail: str
    source: str


def ecrire(valeur: float | None, quoi: Indicateur) -> str:
    """12 345 habitants, 28,3 %, 21 450 €: the value with its unit; « non disponible » when missing."""
    if valeur is None:
        return "non disponible"
    texte = formater_nombre(Decimal(repr(valeur)), quoi.decimales).replace("-", "−")
    return f"{texte}\u00a0{quoi.unite}" if quoi.unite else texte


def signe(valeur: float, decimales: int) -> str:
    texte = formater_nombre(Decimal(repr(abs(valeur))), decimales)
    return f"{'+' if valeur > 0 else '−'}{texte}"


def titre(lecture: Lecture) -> str:
    """The finding of the page: how the population moves, and what moves it."""
    croissance, migratoire, naturel = (
        _valeur(lecture.ligne(c)) for c in ("croissance_population", "solde_migratoire", "solde_naturel")
    )
    if croissance is None:
        return f"{lecture.nom} : {lecture.nombre_valeurs} indicateurs pour le diagnostic"
    if abs(croissance) < STABLE:
        return f"{lecture.nom} garde sa population{_cause_stable(migratoire, naturel)}"
    verbe, cause = (
        ("gagne", _cause_hausse(migratoire, naturel))
        if croissance > 0
        else ("perd", _cause_baisse(migratoire, naturel))
    )
    return f"{lecture.nom} {verbe} des habitants ({signe(croissance, 1)}\u00a0% par an){cause}"


def _valeur(ligne: LignePortrait | None) -> float | None:
    return ligne.valeur.valeur if ligne else None


def _cause_stable(migratoire: float | None, naturel: float | None) -> str:
    if migratoire is not None and naturel is not None and migratoire > 0 > naturel:
        return " : les arrivées compensent les décès"
    return ""


def _cause_hausse(migratoire: float | None, naturel: float | None) -> str:
    if migratoire is None or naturel is None:
        return ""
    if migratoire > 0 > naturel:
        return " : les arrivées font plus que compenser les décès"
    return " : les naissances et les arrivées y contribuent" if migratoire > 0 and naturel > 0 else ""


def _cause_baisse(migratoire: float | None, naturel: float | None) -> str:
    if migratoire is None or naturel is None:
        return ""
    if migratoire > 0:
        return " : les arrivées ne compensent pas les décès"
    return " : plus de départs et plus de décès" if naturel < 0 else " : plus de départs que d’arrivées"


def chiffres(lecture: Lecture) -> list[Chiffre]:
    """The key figures that have a value, in the order of CLES."""
    lignes = [ligne for code in CLES if (ligne := lecture.ligne(code)) and ligne.valeur.valeur is not None]
    return [_chiffre(ligne) for ligne in lignes]


def _chiffre(ligne: LignePortrait) -> Chiffre:
    quoi = ligne.indicateur
    if ligne.france is not None:
        detail = f"France : {ecrire(ligne.france, quoi)}"
    else:
        detail = ligne.valeur.evolution_libelle
    valeur, libelle = ecrire(ligne.valeur.valeur, quoi), quoi.libelle
    if len(quoi.unite) > UNITE_COURTE:
        valeur, libelle = valeur.removesuffix(f"\u00a0{quoi.unite}"), f"{libelle} ({quoi.unite})"
    return Chiffre(quoi.code, valeur, libelle, detail, f"{quoi.source}, {ligne.valeur.millesime}")


def rang(x: Rang | None) -> str:
    """« 1er sur 11 »; empty when there is none."""
    return f"{x.rang}{'er' if x.rang == 1 else 'e'}\u00a0sur\u00a0{x.sur}" if x else ""


def constat(ligne: LignePortrait) -> str:
    """The figure in one line, beside what it is best compared with."""
    quoi = ligne.indicateur
    texte = f"{quoi.libelle} : {ecrire(ligne.valeur.valeur, quoi)}"
    if ligne.valeur.valeur is None:
        return texte
    for valeur, ou in ((ligne.france, "en France"), (ligne.departement, "dans le département")):
        if valeur is not None:
            return f"{texte}, contre {ecrire(valeur, quoi)} {ou}"
    return f"{texte}, {ligne.valeur.evolution_libelle}" if ligne.valeur.evolution_libelle else texte


def citation(valeur: ValeurIndicateur, quoi: Indicateur, france: float | None) -> str:
    """What a finding keeps of the figure the day it is written."""
    texte = ecrire(valeur.valeur, quoi)
    return f"{texte} (France : {ecrire(france, quoi)})" if france is not None else texte


def resume_famille(lignes: tuple[LignePortrait, ...]) -> str:
    """The figure of a family that stands farthest from France, told in a few words."""
    ecarts = [
        (abs(x.valeur.valeur - x.france) / abs(x.france), x)
        for x in lignes
        if x.valeur.valeur is not None and x.france and x.indicateur.nature != "croissance"
    ]
    if not ecarts:
        return ""
    ligne = max(ecarts, key=lambda e: e[0])[1]
    quoi = ligne.indicateur
    return f"{quoi.libelle} : {ecrire(ligne.valeur.valeur, quoi)} (France : {ecrire(ligne.france, quoi)})"


def premieres(texte: str, nombre: int) -> str:
    """The first sentences of a paragraph."""
    return " ".join(re.split(r"(?<=[.!?]) +", texte)[:nombre])


def millions(montant: Decimal | None) -> str:
    """67,6 M€: an estimate is not written to the euro."""
    return "–" if montant is None else f"{formater_nombre(montant / 1_000_000, 1)}\u00a0M€"
