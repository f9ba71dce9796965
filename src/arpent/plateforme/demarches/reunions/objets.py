"""What a point, a decision or a question may be about: kinds that the upper rooms declare at start-up.

This room knows none of their models: a kind says how to find its objects and where to read one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django import forms

from ..models import Demarche

TROUVES_MAX = 8


@dataclass(frozen=True, slots=True)
class Objet:
    """One object, as the pages and the documents name it."""

    genre: str
    id: int
    libelle: str


@dataclass(frozen=True, slots=True)
class GenreObjet:
    """A kind. `chercher(demarche, texte)`: by its number or by words; `adresse(demarche, id)`: its page."""

    code: str
    libelle: str
    chercher: Callable[[Demarche, str], Sequence[Objet]]
    adresse: Callable[[Demarche, int], str]


_GENRES: dict[str, GenreObjet] = {}


def declarer(genre: GenreObjet) -> None:
    """Called once by the AppConfig of the room that owns the kind."""
    _GENRES[genre.code] = genre


def genres() -> list[tuple[str, str]]:
    """(code, label) of the kinds, by label."""
    return sorted(((g.code, g.libelle) for g in _GENRES.values()), key=lambda paire: paire[1])


def libelle_genre(code: str) -> str:
    genre = _GENRES.get(code)
    return genre.libelle if genre else code


def adresse(demarche: Demarche, code: str, pk: int | None) -> str:
    """Where to read it; empty when nothing is concerned, or when nobody declares that kind any more."""
    genre = _GENRES.get(code)
    return genre.adresse(demarche, pk) if genre and pk is not None else ""


def trouver(demarche: Demarche, code: str, texte: str) -> Objet:
    """The only object that answers; forms.ValidationError says what was found otherwise."""
    genre = _GENRES.get(code)
    if genre is None:
        raise forms.ValidationError("Choisissez de quelle nature est l’objet concerné.")
    trouves = list(genre.chercher(demarche, texte))[: TROUVES_MAX + 1]
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
    """Something that deserves a word at a permanence: why, what, and the object it is about."""

    origine: str
    texte: str
    objet: Objet | None = None


Releve = Callable[[Demarche], Sequence[Fait]]
_RELEVES: dict[str, Releve] = {}


def declarer_releve(nom: str, releve: Releve) -> None:
    """A list of blocked projects or questions that an upper room knows how to make."""
    _RELEVES[nom] = releve


def relever(demarche: Demarche) -> list[Fait]:
    """All the facts of a démarche, in the order of the names of the lists. The queries are theirs."""
    return [fait for nom in sorted(_RELEVES) for fait in _RELEVES[nom](demarche)]
