"""The steps of a workshop: what the screen of the room shows, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from arpent.plateforme.observatoire.catalogue import catalogue

ETAPES_MAX = 30


class Genre(StrEnum):
    ACCUEIL = "accueil"
    INDICATEUR = "indicateur"
    TEXTE = "texte"
    COLLECTE = "collecte"
    VOTE = "vote"
    RESULTATS = "resultats"


LIBELLES: dict[str, str] = {
    Genre.ACCUEIL: "Accueil : le code d’accès",
    Genre.INDICATEUR: "Indicateur",
    Genre.TEXTE: "Texte libre",
    Genre.COLLECTE: "Collecte des constats",
    Genre.VOTE: "Vote",
    Genre.RESULTATS: "Résultats",
}
TITRES: dict[str, str] = {
    Genre.ACCUEIL: "Entrez dans l’atelier avec votre téléphone",
    Genre.TEXTE: "À retenir",
    Genre.COLLECTE: "Que constatez-vous ?",
    Genre.VOTE: "Placez vos points sur ce qui compte le plus",
    Genre.RESULTATS: "Ce que l’atelier retient",
}
INDICATEURS_PAR_DEFAUT = (
    "croissance_population",
    "part_65_plus",
    "niveau_vie_median",
    "residences_secondaires",
)


@dataclass(frozen=True, slots=True)
class Etape:
    """One step. `valeur` and `millesime` are frozen when the workshop closes, for the minutes."""

    genre: str
    titre: str = ""
    indicateur: str = ""
    texte: str = ""
    valeur: str = ""
    millesime: str = ""

    @property
    def libelle(self) -> str:
        """What the step is called: its title, else the name of its indicator, else a title of its kind."""
        if self.titre:
            return self.titre
        if self.indicateur:
            quoi = catalogue().indicateurs.get(self.indicateur)
            return quoi.libelle if quoi else self.indicateur
        return TITRES.get(self.genre, LIBELLES.get(self.genre, self.genre))

    @property
    def genre_libelle(self) -> str:
        return LIBELLES.get(self.genre, self.genre)


CHAMPS = tuple(Etape.__dataclass_fields__)


def lire(brut: Iterable[dict[str, Any]]) -> tuple[Etape, ...]:
    """The steps kept in the database; at least one, so that there is always something on screen."""
    etapes = tuple(Etape(**{c: str(ligne.get(c, "")) for c in CHAMPS}) for ligne in brut)
    return etapes or (Etape(Genre.ACCUEIL),)


def ecrire(etapes: Iterable[Etape]) -> list[dict[str, str]]:
    return [{cle: valeur for cle, valeur in asdict(e).items() if valeur} for e in etapes]


def par_defaut() -> list[dict[str, str]]:
    """A first déroulé: the code, four figures, the findings, the vote, the results."""
    connus = catalogue().indicateurs
    return ecrire(
        [
            Etape(Genre.ACCUEIL),
            *(Etape(Genre.INDICATEUR, indicateur=c) for c in INDICATEURS_PAR_DEFAUT if c in connus),
            Etape(Genre.COLLECTE),
            Etape(Genre.VOTE),
            Etape(Genre.RESULTATS),
        ]
    )


def figer(brut: Iterable[dict[str, Any]], chiffres: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    """The steps, each indicator with the value and the vintage that were on screen."""
    return ecrire(
        replace(e, valeur=chiffres[e.indicateur][0], millesime=chiffres[e.indicateur][1])
        if e.indicateur in chiffres
        else e
        for e in lire(brut)
    )
