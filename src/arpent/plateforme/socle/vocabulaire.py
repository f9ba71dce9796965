"""Typing errors: a word that nobody wrote is brought back to the nearest word that somebody wrote.

The same on both databases: the words are kept in one row, compared in memory by RapidFuzz (edit distance with
swaps). One error from 4 letters, two from 8. Cost: one query for the date of the row; the words are read when
it changes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .models import Vocabulaire
from .recherche import normaliser, plier

MOTS_MAX = 150_000
COURT, LONG = 4, 8
"""Letters from which one error, then two, are forgiven."""
_MOT = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True, slots=True)
class Mots:
    """The vocabulary in memory: folded words, the most frequent first; the same sorted; as they are written;
    their stems."""

    plies: tuple[str, ...]
    tries: tuple[str, ...]
    ecrits: dict[str, str]
    racines: frozenset[str]

    def connait(self, mot: str, *, debut: bool = False) -> bool:
        """Whether somebody wrote it, or another form of it; `debut`: or a word that begins so."""
        if mot in self.ecrits or normaliser(mot) in self.racines:
            return True
        if not debut or len(mot) < 3:
            return False
        rang = bisect_left(self.tries, mot)
        return rang < len(self.tries) and self.tries[rang].startswith(mot)

    def proche(self, mot: str) -> str:
        """The nearest word as it is written, the most frequent of them; empty when none is near enough."""
        from rapidfuzz import process  # at the first error: the start must not wait for it
        from rapidfuzz.distance import OSA

        if len(mot) < COURT:
            return ""
        trouve = process.extractOne(
            mot, self.plies, scorer=OSA.distance, score_cutoff=1 if len(mot) < LONG else 2
        )
        return self.ecrits[trouve[0]] if trouve else ""


_VIDE = Mots((), (), {}, frozenset())
_garde: tuple[datetime | None, Mots] = (None, _VIDE)


def lire() -> Mots:
    """The vocabulary as it was last made. One query, two when it has changed."""
    global _garde
    fait = Vocabulaire.objects.order_by("pk").values_list("refait_le", flat=True).first()
    if fait is None:
        return _VIDE
    if _garde[0] != fait:
        texte = Vocabulaire.objects.order_by("pk").values_list("mots", flat=True).first() or ""
        _garde = (fait, _depuis(texte))
    return _garde[1]


def _depuis(texte: str) -> Mots:
    lignes = [ligne.split(" ") for ligne in texte.split("\n") if ligne]
    ecrits = {plie: ecrit for plie, ecrit, _ in lignes}
    return Mots(tuple(ecrits), tuple(sorted(ecrits)), ecrits, frozenset(racine for *_, racine in lignes))


def refaire(textes: Iterable[str]) -> int:
    """Makes the vocabulary anew from what people wrote. How many words. Memory: one counter of words."""
    comptes = Counter(mot.lower() for texte in textes for mot in _MOT.findall(texte))
    lignes: dict[str, str] = {}
    for mot, _ in sorted(comptes.items(), key=lambda m: (-m[1], m[0])):
        plie = plier(mot)
        if plie.isascii() and plie.isalpha():
            lignes.setdefault(plie, f"{plie} {mot} {normaliser(mot)}")
        if len(lignes) >= MOTS_MAX:
            break
    Vocabulaire.objects.update_or_create(
        pk=1, defaults={"mots": "\n".join(lignes.values()), "nombre": len(lignes)}
    )
    return len(lignes)


def corriger(texte: str) -> str:
    """The query with its unknown words replaced by their nearest; empty when there is nothing to replace.

    The last word may be the beginning of a word.
    """
    mots = lire()
    demandes = texte.split()
    corriges, change = [], False
    for rang, mot in enumerate(demandes):
        plie = plier(mot)
        connu = not plie.isalpha() or mots.connait(plie, debut=rang == len(demandes) - 1)
        if connu or not (proche := mots.proche(plie)):
            corriges.append(mot)
            continue
        corriges.append(proche)
        change = True
    return " ".join(corriges) if change else ""
