"""What differs between two contents of a règlement: article by article, rule by rule, in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from arpent.metier.reglement import ReglementInvalide
from arpent.metier.reglement.parametres import LignesLegales

from .controles import articles_de, lire_regle, nom_regle, regles_de
from .fichiers import ecrire_texte

_MOT = re.compile(r"[^ \t\r\n]+")  # « 20 % » is one word: its space does not break
PARENTE = 0.55
"""Under this share of common words, two texts are read one after the other."""


class Sens(StrEnum):
    """What became of a piece of text."""

    INCHANGE = "inchange"
    AJOUTE = "ajoute"
    RETIRE = "retire"
    MODIFIE = "modifie"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words: kept, added or taken away."""

    sens: Sens
    texte: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text before and after; `passages` says it word by word."""

    libelle: str
    sens: Sens
    avant: str
    apres: str

    @property
    def passages(self) -> tuple[Passage, ...]:
        return mot_a_mot(self.avant, self.apres)


@dataclass(frozen=True, slots=True)
class ArticleCompare:
    """One article: its number and title (those of after when it is still there), what moved in it."""

    numero: str
    titre: str
    sens: Sens
    phrases: tuple[Phrase, ...]


def mot_a_mot(avant: str, apres: str) -> tuple[Passage, ...]:
    """The words kept, taken away, added, in reading order; whole when they are too different or too long."""
    a, b = _MOT.findall(avant), _MOT.findall(apres)
    if len(a) * len(b) > 4_000_000:
        return tuple(Passage(s, t) for s, t in ((Sens.RETIRE, avant), (Sens.AJOUTE, apres)) if t)
    comparateur = SequenceMatcher(None, a, b, autojunk=False)
    if a and b and comparateur.ratio() < PARENTE:
        return (Passage(Sens.RETIRE, avant), Passage(Sens.AJOUTE, apres))
    passages = []
    for genre, i, j, k, m in comparateur.get_opcodes():
        if genre == "equal":
            passages.append(Passage(Sens.INCHANGE, " ".join(a[i:j])))
            continue
        if i < j:
            passages.append(Passage(Sens.RETIRE, " ".join(a[i:j])))
        if k < m:
            passages.append(Passage(Sens.AJOUTE, " ".join(b[k:m])))
    return tuple(passages)


def enonce_brut(
    brute: Mapping[str, Any], demonstration: bool, libelles: Mapping[str, str], lignes: LignesLegales
) -> str:
    """The French sentence of a rule, quoting `lignes` of the law; what is written when it cannot be read."""
    try:
        return lire_regle(brute, demonstration).enonce_complet(libelles, lignes)
    except ReglementInvalide:
        return ecrire_texte(dict(brute)).strip().replace("\n", " ; ")


def comparer_textes(
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
    lignes: LignesLegales,
    *,
    demonstration: tuple[bool, bool] = (False, False),
) -> tuple[ArticleCompare, ...]:
    """The articles that differ, in the order of `apres`, then those that were taken away.

    Both sides quote the same `lignes` of the law: a threshold that moved is no change of the règlement.
    Articles are paired by number; when both number and content moved, it is one taken away and one added.
    """
    anciens = {_numero(a): a for a in articles_de(avant)}
    nouveaux = {_numero(a): a for a in articles_de(apres)}
    textes = (_Textes(avant, demonstration[0], lignes), _Textes(apres, demonstration[1], lignes))
    compares = [
        _comparer(numero, anciens.get(numero), nouveau, textes) for numero, nouveau in nouveaux.items()
    ]
    compares += [_comparer(n, ancien, None, textes) for n, ancien in anciens.items() if n not in nouveaux]
    return tuple(c for c in compares if c.sens is not Sens.INCHANGE)


def _numero(article: Mapping[str, Any]) -> str:
    return str(article.get("numero") or "")


@dataclass(frozen=True, slots=True)
class _Textes:
    """How a content says its rules."""

    contenu: Mapping[str, Any]
    demonstration: bool
    lignes: LignesLegales

    def regles(self, article: Mapping[str, Any] | None) -> dict[str, str]:
        libelles = self.contenu.get("libelles")
        noms = libelles if isinstance(libelles, dict) else {}
        return {
            nom_regle(r): enonce_brut(r, self.demonstration, noms, self.lignes)
            for r in regles_de(article or {})
        }


def _comparer(
    numero: str,
    ancien: Mapping[str, Any] | None,
    nouveau: Mapping[str, Any] | None,
    textes: Sequence[_Textes],
) -> ArticleCompare:
    montre = nouveau if nouveau is not None else ancien
    paires = [
        (libelle, _texte(ancien, cle), _texte(nouveau, cle))
        for libelle, cle in (("Titre", "titre"), ("Texte", "prose"))
    ]
    avant, apres = textes[0].regles(ancien), textes[1].regles(nouveau)
    noms = [*apres, *(nom for nom in avant if nom not in apres)]
    paires += [("Règle", avant.get(nom, ""), apres.get(nom, "")) for nom in noms]
    phrases = tuple(Phrase(nom, _sens(a, b), a, b) for nom, a, b in paires if a != b)
    if ancien is None or nouveau is None:
        sens = Sens.AJOUTE if ancien is None else Sens.RETIRE
    else:
        sens = Sens.MODIFIE if phrases else Sens.INCHANGE
    return ArticleCompare(numero, _texte(montre, "titre"), sens, phrases)


def _texte(article: Mapping[str, Any] | None, cle: str) -> str:
    return str((article or {}).get(cle) or "").strip()


def _sens(avant: str, apres: str) -> Sens:
    if not avant:
        return Sens.AJOUTE
    return Sens.MODIFIE if apres else Sens.RETIRE
