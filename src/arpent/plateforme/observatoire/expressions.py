"""Small arithmetic expressions on columns: `rp:P22_RP_PROP / rp:P22_RP * 100`. Pure numpy, never `eval`.

A name is a column of the store, or `jeu:VARIABLE` of an official file, where `{aa}` stands for the two digits
of a vintage. Operators + − * / and brackets; a division by zero is missing; missing stays missing (NaN).
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Colonne = NDArray[np.float64]

ANNEE = "{aa}"
_JETON = re.compile(
    r"\s*(?:(?P<nombre>\d+(?:\.\d+)?)(?![\w:])|(?P<nom>(?:[A-Za-z]\w*:[\w{}]+|[A-Za-z_][\w{}]*))|(?P<signe>[-+*/()]))"
)


class ExpressionInvalide(ValueError):
    """The expression cannot be read: why, in French."""


Arbre = tuple[str, "Arbre", "Arbre"] | str | float


def noms_de(expression: str) -> tuple[str, ...]:
    """The columns it reads, in order, each once. ExpressionInvalide when it is badly written."""
    return tuple(dict.fromkeys(_feuilles(_arbre(expression))))


def jeux_de(expression: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n.split(":")[0] for n in noms_de(expression) if ":" in n))


def est_simple(expression: str) -> bool:
    """A lone column of the store, with nothing to compute."""
    return isinstance(_arbre(expression), str)


def pour_annee(expression: str, aa: str) -> str:
    return expression.replace(ANNEE, aa)


def evaluer(expression: str, lire: Callable[[str], Colonne]) -> Colonne:
    """Its value; `lire` gives the columns. Raises what `lire` raises."""
    return np.asarray(_valeur(_arbre(expression), lire), dtype=float)


def _valeur(arbre: Arbre, lire: Callable[[str], Colonne]) -> Colonne | float:
    if isinstance(arbre, float):
        return arbre
    if isinstance(arbre, str):
        return lire(arbre)
    signe, gauche, droite = arbre
    a, b = _valeur(gauche, lire), _valeur(droite, lire)
    match signe:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
    diviseur = np.where(np.asarray(b) == 0, np.nan, b)
    return np.asarray(a / diviseur)


def _feuilles(arbre: Arbre) -> Iterator[str]:
    if isinstance(arbre, tuple):
        yield from _feuilles(arbre[1])
        yield from _feuilles(arbre[2])
    elif isinstance(arbre, str):
        yield arbre


@lru_cache(maxsize=4096)
def _arbre(expression: str) -> Arbre:
    jetons: list[tuple[str, str]] = []
    place = 0
    texte = expression.rstrip()
    while place < len(texte):
        trouve = _JETON.match(texte, place)
        if trouve is None:
            raise ExpressionInvalide(f"« {expression} » n’est pas lisible à partir de « {texte[place:]} ».")
        jetons.append((str(trouve.lastgroup), trouve[str(trouve.lastgroup)]))
        place = trouve.end()
    arbre, suite = _somme(jetons, 0, expression)
    if suite != len(jetons):
        raise ExpressionInvalide(f"« {expression} » : « {jetons[suite][1]} » n’est pas à sa place.")
    return arbre


def _somme(jetons: list[tuple[str, str]], place: int, texte: str) -> tuple[Arbre, int]:
    return _suite(jetons, place, texte, "+-", _produit)


def _produit(jetons: list[tuple[str, str]], place: int, texte: str) -> tuple[Arbre, int]:
    return _suite(jetons, place, texte, "*/", _terme)


def _suite(
    jetons: list[tuple[str, str]],
    place: int,
    texte: str,
    signes: str,
    lire: Callable[[list[tuple[str, str]], int, str], tuple[Arbre, int]],
) -> tuple[Arbre, int]:
    arbre, place = lire(jetons, place, texte)
    while place < len(jetons) and jetons[place][1] in signes:
        signe = jetons[place][1]
        droite, place = lire(jetons, place + 1, texte)
        arbre = (signe, arbre, droite)
    return arbre, place


def _terme(jetons: list[tuple[str, str]], place: int, texte: str) -> tuple[Arbre, int]:
    if place >= len(jetons):
        raise ExpressionInvalide(f"« {texte} » est incomplet.")
    genre, mot = jetons[place]
    if genre == "nombre":
        return float(mot), place + 1
    if genre == "nom":
        return mot, place + 1
    if mot == "(":
        arbre, place = _somme(jetons, place + 1, texte)
        if place >= len(jetons) or jetons[place][1] != ")":
            raise ExpressionInvalide(f"« {texte} » : il manque une parenthèse fermante.")
        return arbre, place + 1
    raise ExpressionInvalide(f"« {texte} » : « {mot} » n’est pas à sa place.")
