"""The catalogue of kinds of rules, by family, searchable by the words of their titles and descriptions."""

from __future__ import annotations

from dataclasses import dataclass

from arpent.metier.reglement import CATALOGUE, LIBELLES_FAMILLE, Regle
from arpent.plateforme.socle.recherche import mots_cherches, normaliser


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of rule as the pages print it."""

    code: str
    intitule: str
    description: str


def genre_de(classe: type[Regle]) -> Genre:
    return Genre(classe.GENRE, classe.INTITULE, classe.DESCRIPTION)


def chercher(mots: str) -> list[tuple[str, list[Genre]]]:
    """(family in words, kinds) in the order of the families; every word must be found."""
    voulus = mots_cherches(mots)
    familles = []
    for famille, libelle in LIBELLES_FAMILLE.items():
        genres = [genre_de(c) for c in CATALOGUE if c.FAMILLE is famille and _convient(c, libelle, voulus)]
        if genres:
            familles.append((libelle, genres))
    return familles


def _convient(classe: type[Regle], famille: str, voulus: list[str]) -> bool:
    texte = normaliser(f"{classe.INTITULE} {classe.DESCRIPTION} {famille}")
    return all(mot in texte for mot in voulus)
