"""What a document still lacks: the marks of its blanks, listed and filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .texte import INSECABLE

MARQUE_BLANC = re.compile(f"«{INSECABLE}à compléter[^»]*»")
_BLANC = re.compile(f"«{INSECABLE}à compléter : ([^»]*?){INSECABLE}»")


def blanc(quoi: str) -> str:
    """The mark of a blank, with what goes there."""
    return f"«{INSECABLE}à compléter : {quoi}{INSECABLE}»"


def blancs_de(vue: Mapping[str, Any]) -> tuple[str, ...]:
    """What goes in each blank of a view, in the order of the document, once each."""
    return tuple(dict.fromkeys(quoi for texte in _textes(vue) for quoi in _BLANC.findall(texte)))


def completer(vue: Mapping[str, Any], valeurs: Mapping[str, str]) -> dict[str, Any]:
    """The same view, its blanks filled; those without a value keep their mark."""
    if not valeurs:
        return dict(vue)

    def remplir(texte: str) -> str:
        return _BLANC.sub(lambda trouve: valeurs.get(trouve[1]) or trouve[0], texte)

    return {cle: _partout(valeur, remplir) for cle, valeur in vue.items()}


def _textes(valeur: Any) -> Iterator[str]:
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, Mapping):
        for contenu in valeur.values():
            yield from _textes(contenu)
    elif isinstance(valeur, list):
        for contenu in valeur:
            yield from _textes(contenu)


def _partout(valeur: Any, fonction: Callable[[str], str]) -> Any:
    if isinstance(valeur, str):
        return fonction(valeur)
    if isinstance(valeur, Mapping):
        return {cle: _partout(contenu, fonction) for cle, contenu in valeur.items()}
    return [_partout(x, fonction) for x in valeur] if isinstance(valeur, list) else valeur
