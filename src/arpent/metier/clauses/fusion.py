"""Merge fields: a name between double braces, replaced by its value; nothing is evaluated.

A field that a kept text needs and that nobody gave is written « [à compléter : …] » and listed: a contract
never carries a blank that looks like a text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CHAMP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ACCOLADES = re.compile(r"\{\{|\}\}")
Champs = Mapping[str, str | None]


def paragraphes(brut: str) -> tuple[str, ...]:
    """They are separated by an empty line."""
    return tuple(p.strip() for p in re.split(r"\n\s*\n", brut.replace("\r\n", "\n")) if p.strip())


def champs_employes(brut: str) -> tuple[str, ...]:
    """Names of the fields of a text, each once, in their order."""
    return tuple(dict.fromkeys(CHAMP.findall(brut)))


def controler_champs(brut: str, connus: Mapping[str, str]) -> str:
    """Why the fields of a typed text cannot be merged (French), or nothing."""
    for nom in champs_employes(brut):
        if nom not in connus:
            return f"Le champ « {nom} » n’existe pas. Champs possibles : {', '.join(sorted(connus))}."
    if _ACCOLADES.search(CHAMP.sub("", brut)):
        return "Un champ s’écrit entre doubles accolades, en un seul mot : {{ date_effet }}."
    return ""


@dataclass(slots=True)
class Fusion:
    """Merges texts and remembers, in order, the labels of the fields that were missing."""

    champs: Champs
    libelles: Mapping[str, str]
    manquants: list[str] = field(default_factory=list)

    def texte(self, brut: str) -> str:
        return CHAMP.sub(self._remplacer, brut).strip()

    def paragraphes(self, brut: str) -> tuple[str, ...]:
        return tuple(self.texte(p) for p in paragraphes(brut))

    def _remplacer(self, trouve: re.Match[str]) -> str:
        nom = trouve[1]
        if valeur := self.champs.get(nom):
            return valeur
        libelle = self.libelles.get(nom, nom)
        if libelle not in self.manquants:
            self.manquants.append(libelle)
        return f"[à compléter : {libelle[:1].lower()}{libelle[1:]}]"
