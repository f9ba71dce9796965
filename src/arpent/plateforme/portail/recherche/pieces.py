"""What is asked, what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.recherche import mots_cherches, normaliser

MONTRES = 6
"""Results shown of each kind; a list of its own shows the others."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Demande:
    """A query: who asks, the text, its stems, the démarches they see (read once for all kinds)."""

    agent: Agent
    texte: str
    mots: tuple[str, ...]
    demarches: tuple[Demarche, ...]
    limite: int = MONTRES

    def repond(self, *textes: str) -> bool:
        """Whether a text in memory holds every word; the last one may be the beginning of a word."""
        presents = normaliser(*textes).split()
        *debut, dernier = self.mots
        fin = any(p.startswith(dernier) for p in presents) if len(dernier) >= 3 else dernier in presents
        return fin and all(mot in presents for mot in debut)


def demande(agent: Agent, texte: str, demarches: Iterable[Demarche], limite: int = MONTRES) -> Demande:
    return Demande(agent, texte, tuple(mots_cherches(texte)), tuple(demarches), limite)


@dataclass(frozen=True, slots=True)
class Trouve:
    """One result: what it is, where, and its page."""

    titre: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Groupe:
    """The results of one kind. `plus`: there are others, which the page `tout` lists (empty: it has none)."""

    code: str
    libelle: str
    trouves: tuple[Trouve, ...]
    plus: bool = False
    tout: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of object: how it is called, how it is searched. Each declares its number of queries."""

    code: str
    libelle: str
    chercher: Callable[[Demande], Sequence[Trouve]]
    tout: Callable[[Demande], str] = lambda _: ""


def classer(demande: Demande, lignes: Iterable[T], titre: Callable[[T], str]) -> list[T]:
    """Those whose title holds every word first, the others after, each in the order given."""
    return sorted(lignes, key=lambda ligne: not demande.repond(titre(ligne)))
