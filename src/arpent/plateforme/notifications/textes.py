"""The texts of the mails: shipped here, replaced by what the authority wrote (`ModeleCourriel`).

A text holds fields between braces, from the closed list of its model: nothing is ever evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .models import ModeleCourriel

_CHAMP = re.compile(r"\{([^{}]*)\}")


class TexteRefuse(ValueError):
    """Why the text of a mail cannot be kept, in one French line."""


@dataclass(frozen=True, slots=True)
class Texte:
    """A shipped mail: its subject, its body, and what each field stands for."""

    code: str
    libelle: str
    sujet: str
    corps: str
    champs: dict[str, str]

    @property
    def obligatoires(self) -> frozenset[str]:
        """Fields without which the mail says nothing."""
        return frozenset(c for c in self.champs if c in {"nouvelles", "lien"})


_COMMUNS = {"prenom": "prénom du destinataire", "nombre": "nombre de nouvelles", "nouvelles": "les nouvelles"}

TEXTES: dict[str, Texte] = {
    t.code: t
    for t in (
        Texte(
            "resume_jour",
            "Résumé du jour",
            "Arpent : {nombre} pour vous",
            "Bonjour {prenom},\n\nDepuis votre dernier résumé :\n\n{nouvelles}",
            _COMMUNS,
        ),
        Texte(
            "resume_semaine",
            "Résumé de la semaine",
            "Arpent : {nombre} cette semaine",
            "Bonjour {prenom},\n\nCette semaine :\n\n{nouvelles}",
            _COMMUNS,
        ),
        Texte(
            "aussitot",
            "Courriel immédiat",
            "Arpent : {sujet}",
            "Bonjour {prenom},\n\n{nouvelles}",
            _COMMUNS | {"sujet": "objet de la première nouvelle"},
        ),
    )
}


def champs_de(texte: str) -> set[str]:
    """Names between braces."""
    return set(_CHAMP.findall(texte))


def verifier(code: str, sujet: str, corps: str) -> None:
    """TexteRefuse for a field that does not exist, or one that misses."""
    modele = TEXTES[code]
    connus = ", ".join(f"{{{c}}}" for c in modele.champs)
    if inconnus := sorted((champs_de(sujet) | champs_de(corps)) - set(modele.champs)):
        raise TexteRefuse(
            f"Le champ {{{inconnus[0]}}} n’existe pas dans ce courriel. Champs possibles : {connus}."
        )
    if manquants := sorted(modele.obligatoires - champs_de(corps)):
        raise TexteRefuse(f"Le texte doit contenir {{{manquants[0]}}} : sans lui, le courriel ne dit rien.")
    if "\n" in sujet.strip():
        raise TexteRefuse("L’objet tient sur une ligne.")


def remplir(texte: str, valeurs: dict[str, str]) -> str:
    """The text with its fields replaced; what is put in is never read again for fields."""
    return _CHAMP.sub(lambda trouve: valeurs.get(trouve.group(1), trouve.group(0)), texte)


def rediger(code: str, **valeurs: str) -> tuple[str, str]:
    """(subject, body) of a mail, in the words of the authority if it has written its own. One query."""
    livre = TEXTES[code]
    ecrit = ModeleCourriel.objects.filter(code=code).first()
    sujet, corps = (ecrit.sujet, ecrit.corps) if ecrit else (livre.sujet, livre.corps)
    return remplir(sujet, valeurs), remplir(corps, valeurs)
