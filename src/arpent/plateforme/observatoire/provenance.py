"""Which files an indicator comes from, as the manifest of the store remembers them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.expressions import noms_de


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `officiel`: loaded as its producer publishes it; else a committed extract."""

    jeu: str
    titre: str
    producteur: str
    licence: str
    millesime: str
    geographie: int
    niveau: str
    fichier: str
    sha256: str
    officiel: bool


def sources_de(manifeste: Mapping[str, Any], niveau: str, colonnes: Sequence[str]) -> tuple[Source, ...]:
    """The files behind those columns (`niveau`: communes or epci), the official ones first, each once."""
    lues = manifeste.get("provenances")
    if not lues:
        return ()
    par_colonne: Mapping[str, list[int]] = lues[niveau]
    numeros: dict[int, None] = {}
    for colonne in colonnes:
        for nom in dict.fromkeys(_racines(colonne, par_colonne)):
            numeros |= dict.fromkeys(par_colonne.get(nom, par_colonne.get("*", [])))
    sources = [Source(**lues["tables"][n]) for n in numeros]
    return tuple(sorted(sources, key=lambda s: not s.officiel))


def _racines(colonne: str, connues: Mapping[str, Any]) -> Iterator[str]:
    """The published columns that a derived column or an expression is made of."""
    for nom in (colonne,) if colonne in connues else noms_de(colonne):
        recette = catalogue().derivees.get(nom)
        yield nom
        if recette:
            for entree in recette.values():
                if isinstance(entree, str) and entree != nom:
                    yield from _racines(entree, connues)
