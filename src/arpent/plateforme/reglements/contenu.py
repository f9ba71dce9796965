"""The content of a règlement being written, and the small gestures on it. Values in, values out.

Each gesture answers a new content: the one received is never changed. Ranks count from 0; IndexError when
there is no such article or rule.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .controles import articles_de, nom_regle, regles_de

Contenu = dict[str, Any]
# The usual order of the keys: some databases give them back in another.
ORDRE: dict[str, int] = {
    cle: rang
    for rang, cle in enumerate(
        (
            *("dispositif", "version", "intitule", "en_vigueur_le", "acte", "financeur", "libelles"),
            *("articles", "numero", "titre", "prose", "regles"),
            *("genre", "code", "si", "et", "ou", "non", "champ", "est", "parmi", "renseigne"),
            *("par", "a_partir_de", "plus_de", "jusqu_a", "moins_de", "valeurs", "tranches", "lignes"),
            *("valeur", "valeur_demonstration", "source"),
        )
    )
}


def vierge(slug: str, intitule: str, financeur: str, le: str, libelles: Mapping[str, str]) -> Contenu:
    """A règlement to write from nothing: its head, no article."""
    return {
        "dispositif": slug,
        "version": "1",
        "intitule": intitule,
        "en_vigueur_le": le,
        "acte": "",
        "financeur": financeur,
        "libelles": dict(libelles),
        "articles": [],
    }


def ordonner(contenu: Mapping[str, Any]) -> Contenu:
    """A copy whose keys are in their usual order; keys that are not listed keep theirs, after the others."""
    return {
        cle: _ordonner(valeur, libre=cle == "libelles")
        for cle, valeur in sorted(contenu.items(), key=lambda paire: ORDRE.get(paire[0], len(ORDRE)))
    }


def _ordonner(noeud: Any, *, libre: bool = False) -> Any:
    if isinstance(noeud, list):
        return [_ordonner(fils) for fils in noeud]
    if not isinstance(noeud, dict):
        return noeud
    paires = list(noeud.items())
    if not libre:
        paires.sort(key=lambda paire: ORDRE.get(paire[0], len(ORDRE)))
    return {cle: _ordonner(fils, libre=cle == "valeurs") for cle, fils in paires}


def avec_articles(contenu: Mapping[str, Any], articles: list[dict[str, Any]]) -> Contenu:
    return {**contenu, "articles": articles}


def _articles(contenu: Mapping[str, Any]) -> list[dict[str, Any]]:
    return copy.deepcopy(articles_de(contenu))


def numero_suivant(contenu: Mapping[str, Any]) -> str:
    """The number proposed for a new article: one more than the greatest whole one."""
    numeros = [str(a.get("numero", "")) for a in articles_de(contenu)]
    return str(max((int(n) for n in numeros if n.isdecimal() and len(n) < 5), default=0) + 1)


def article(contenu: Mapping[str, Any], rang: int) -> dict[str, Any]:
    if rang < 0:
        raise IndexError(rang)
    return _articles(contenu)[rang]


def regle(contenu: Mapping[str, Any], rang: int, rang_regle: int) -> dict[str, Any]:
    if rang_regle < 0:
        raise IndexError(rang_regle)
    return regles_de(article(contenu, rang))[rang_regle]


def ecrire_article(
    contenu: Mapping[str, Any], rang: int | None, numero: str, titre: str, prose: str
) -> Contenu:
    """Adds an article at the end (rang None) or rewrites what one reads of it; its rules stay."""
    articles = _articles(contenu)
    lu = {"numero": numero, "titre": titre, "prose": prose}
    if rang is None:
        articles.append({**lu, "regles": []})
    else:
        articles[rang] = {**articles[rang], **lu}
    return avec_articles(contenu, articles)


def inserer_article(contenu: Mapping[str, Any], rang: int, nouveau: dict[str, Any]) -> Contenu:
    articles = _articles(contenu)
    articles.insert(rang, copy.deepcopy(nouveau))
    return avec_articles(contenu, articles)


def remplacer_article(contenu: Mapping[str, Any], rang: int, nouveau: dict[str, Any]) -> Contenu:
    articles = _articles(contenu)
    articles[rang] = copy.deepcopy(nouveau)
    return avec_articles(contenu, articles)


def retirer_article(contenu: Mapping[str, Any], rang: int) -> Contenu:
    articles = _articles(contenu)
    del articles[rang]
    return avec_articles(contenu, articles)


def deplacer_article(contenu: Mapping[str, Any], rang: int, pas: int) -> Contenu:
    return avec_articles(contenu, _deplacer(_articles(contenu), rang, pas))


def ecrire_regle(
    contenu: Mapping[str, Any], rang: int, rang_regle: int | None, brute: dict[str, Any]
) -> Contenu:
    """Adds a rule at the end of an article (rang_regle None) or rewrites one."""
    porteur = article(contenu, rang)
    regles = regles_de(porteur)
    if rang_regle is None:
        regles.append(brute)
    else:
        regles[rang_regle] = brute
    return remplacer_article(contenu, rang, {**porteur, "regles": regles})


def avec_code_libre(contenu: Mapping[str, Any], brute: dict[str, Any]) -> dict[str, Any]:
    """A second rule of the same kind takes a code of its own: « taux_intervention_2 »."""
    pris = {nom_regle(r) for a in articles_de(contenu) for r in regles_de(a)}
    if brute.get("code") or nom_regle(brute) not in pris:
        return brute
    genre = nom_regle(brute)
    libre = next(code for n in range(2, len(pris) + 3) if (code := f"{genre}_{n}") not in pris)
    return {"genre": brute["genre"], "code": libre, **{c: v for c, v in brute.items() if c != "genre"}}


def retirer_regle(contenu: Mapping[str, Any], rang: int, rang_regle: int) -> Contenu:
    porteur = article(contenu, rang)
    regles = regles_de(porteur)
    del regles[rang_regle]
    return remplacer_article(contenu, rang, {**porteur, "regles": regles})


def deplacer_regle(contenu: Mapping[str, Any], rang: int, rang_regle: int, pas: int) -> Contenu:
    porteur = article(contenu, rang)
    return remplacer_article(
        contenu, rang, {**porteur, "regles": _deplacer(regles_de(porteur), rang_regle, pas)}
    )


def _deplacer(liste: list[dict[str, Any]], rang: int, pas: int) -> list[dict[str, Any]]:
    """Moves one step; at an end it stays where it is."""
    arrivee = rang + pas
    if not 0 <= rang < len(liste):
        raise IndexError(rang)
    if 0 <= arrivee < len(liste):
        liste[rang], liste[arrivee] = liste[arrivee], liste[rang]
    return liste
