"""The texts of the mails: shipped here, replaced by what the authority wrote (`ModeleCourriel`).

A text holds fields between braces, from the closed list of its model: nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .models import ModeleCourriel
from .textes_livres import LIVRES, Texte

_CHAMP = re.compile(r"\{([^{}]*)\}")
_VIDE = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


class TexteRefuse(ValueError):
    """Why the text of a mail cannot be kept, in one French line."""


TEXTES: dict[str, Texte] = {t.code: t for t in LIVRES}


def champs_de(texte: str) -> set[str]:
    """Names between braces."""
    return set(_CHAMP.findall(texte))


def verifier(code: str, sujet: str, corps: str) -> None:
    """TexteRefuse for a field that does not exist, or one that misses."""
    modele = TEXTES[code]
    connus = ", ".join(f"{{{c}}}" for c in modele.champs) or "aucun"
    if inconnus := sorted((champs_de(sujet) | champs_de(corps)) - set(modele.champs)):
        raise TexteRefuse(
            f"Le champ {{{inconnus[0]}}} n’existe pas dans ce courriel. Champs possibles : {connus}."
        )
    if manquants := sorted(modele.exige - champs_de(corps)):
        raise TexteRefuse(f"Le texte doit contenir {{{manquants[0]}}} : sans lui, le courriel ne dit rien.")
    if "\n" in sujet.strip():
        raise TexteRefuse("L’objet tient sur une ligne.")


def remplir(texte: str, valeurs: dict[str, str]) -> str:
    """The text with its fields replaced; what is put in is never read again for fields."""
    return _CHAMP.sub(lambda trouve: valeurs.get(trouve.group(1), trouve.group(0)), texte)


def redacteur(code: str) -> Callable[..., tuple[str, str]]:
    """Writes (subject, body) for the values of each mail, in the words of the authority if it has its own.

    One query, whatever the number of mails. A field left empty leaves no blank paragraph.
    """
    livre = TEXTES[code]
    ecrit = ModeleCourriel.objects.filter(code=code).first()
    sujet, corps = (ecrit.sujet, ecrit.corps) if ecrit else (livre.sujet, livre.corps)

    def ecrire(**valeurs: str) -> tuple[str, str]:
        return remplir(sujet, valeurs), _VIDE.sub("\n\n", remplir(corps, valeurs)).strip()

    return ecrire


def rediger(code: str, **valeurs: str) -> tuple[str, str]:
    """(subject, body) of one mail. One query."""
    return redacteur(code)(**valeurs)
