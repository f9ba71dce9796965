"""What a point, a decision or a question may be about: kinds that the upper rooms declare at start-up.

This room knows none of their models: a kind says how to find its objects and where to read one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms

from arpent.plateforme.acteurs.models import Agent

from ..models import Demarche

TROUVES_MAX = 8
PROPOSES_MAX = 200


@dataclass(frozen=True, slots=True)
class Objet:
    """One object, as the pages and the documents name it."""

    genre: str
    id: int
    libelle: str


Cle = tuple[int, int]
"""Id of a démarche, number of an object in it."""


def _de_tous(_: Agent) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ObjetLu:
    """An object as it is today. `lisible(agent)`: beyond the right of its kind, without a query.

    `interesses`: ids of the agents who are told of whatever is said about it to all; `pour`: id of the body
    it belongs to; `themes`: codes of its themes.
    """

    libelle: str
    lisible: Callable[[Agent], bool] = _de_tous
    interesses: frozenset[int] = frozenset()
    pour: int | None = None
    themes: frozenset[str] = frozenset()


Lecture = Callable[[Collection[Cle]], Mapping[Cle, ObjetLu]]


def _rien(_: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    return {}


@dataclass(frozen=True, slots=True)
class GenreObjet:
    """A kind. `chercher(demarche, texte)`: by its number or by words; `adresse(demarche, id)`: its page.

    `lire(cles)`: those that exist, in a number of queries that does not depend on how many; `droit`: what one
    must hold on the territory to read them; `ce`: « ce contrat », in a sentence. `converse`: whether the
    general conversation is held there (the others have their own thread); `integre`: whether its page
    shows it; `cherche`: whether the points and the decisions of a meeting may be about it.
    `lister(demarche)`: those a form may offer, `PROPOSES_MAX` at most; a kind without it is never offered.
    """

    code: str
    libelle: str
    chercher: Callable[[Demarche, str], Sequence[Objet]]
    adresse: Callable[[Demarche, int], str]
    lire: Lecture = _rien
    droit: str = "territoire.voir"
    ce: str = "cet objet"
    converse: bool = True
    integre: bool = True
    cherche: bool = True
    lister: Callable[[Demarche], Sequence[Objet]] | None = None


_GENRES: dict[str, GenreObjet] = {}


def declarer(genre: GenreObjet) -> None:
    """Called once by the AppConfig of the room that owns the kind."""
    _GENRES[genre.code] = genre


def genres() -> list[tuple[str, str]]:
    """(code, label) of the kinds that are found by words, by label."""
    return sorted(((g.code, g.libelle) for g in _GENRES.values() if g.cherche), key=lambda paire: paire[1])


def genres_listes() -> list[GenreObjet]:
    """The kinds whose objects a form may offer, by label."""
    return sorted((g for g in _GENRES.values() if g.lister), key=lambda g: g.libelle)


def genre(code: str) -> GenreObjet | None:
    return _GENRES.get(code)


def libelle_genre(code: str) -> str:
    trouve = _GENRES.get(code)
    return trouve.libelle if trouve else code


def adresse(demarche: Demarche, code: str, pk: int | None) -> str:
    """Where to read it; empty when nothing is concerned, or when nobody declares that kind any more."""
    trouve = _GENRES.get(code)
    return trouve.adresse(demarche, pk) if trouve and pk is not None else ""


def trouver(demarche: Demarche, code: str, texte: str) -> Objet:
    """The only object that answers; forms.ValidationError says what was found otherwise."""
    nature = _GENRES.get(code)
    if nature is None:
        raise forms.ValidationError("Choisissez de quelle nature est l’objet concerné.")
    trouves = list(nature.chercher(demarche, texte))[: TROUVES_MAX + 1]
    exacts = [o for o in trouves if o.libelle == texte]
    if len(trouves) == 1 or len(exacts) == 1:
        return (exacts or trouves)[0]
    if not trouves:
        raise forms.ValidationError(
            f"Aucun résultat pour « {texte} » : écrivez le numéro, ou un mot du titre."
        )
    noms = " ; ".join(o.libelle for o in trouves[:TROUVES_MAX])
    raise forms.ValidationError(f"Plusieurs objets répondent à « {texte} » : {noms}. Précisez.")


@dataclass(frozen=True, slots=True)
class Fait:
    """Something that deserves a word at a permanence: why, what, and the object it is about.

    `demarche_id`: of the territory that it is about, when it is not the one that holds the meeting.
    """

    origine: str
    texte: str
    objet: Objet | None = None
    demarche_id: int | None = None


Releve = Callable[[Demarche], Sequence[Fait]]
_RELEVES: dict[str, Releve] = {}


def declarer_releve(nom: str, releve: Releve) -> None:
    """A list of blocked projects or questions that an upper room knows how to make."""
    _RELEVES[nom] = releve


def relever(demarche: Demarche) -> list[Fait]:
    """All the facts of a démarche, in the order of the names of the lists. The queries are theirs."""
    return [fait for nom in sorted(_RELEVES) for fait in _RELEVES[nom](demarche)]
