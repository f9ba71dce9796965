"""The contract model of a dispositif: texts with merge fields, conditions, and what is still missing.

A field is a name between double braces; nothing is evaluated. An element whose condition is a field without
a value is left out. A field that a kept text needs and that nobody gave is written « [à compléter : …] » and
listed: a contract never carries a blank that looks like a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_CHAMP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
Champs = Mapping[str, str | None]


@dataclass(slots=True)
class Fusion:
    """Merges texts and remembers, in order, the labels of the fields that were missing."""

    champs: Champs
    libelles: Mapping[str, str]
    manquants: list[str] = field(default_factory=list)

    def texte(self, brut: str) -> str:
        return _CHAMP.sub(self._remplacer, brut).strip()

    def paragraphes(self, brut: str) -> tuple[str, ...]:
        """Paragraphs of a text: they are separated by an empty line."""
        return tuple(self.texte(p) for p in re.split(r"\n\s*\n", brut) if p.strip())

    def garde(self, element: Mapping[str, Any]) -> bool:
        """Whether the element's condition (the name of a field, or none) is met."""
        condition = element.get("condition")
        return not condition or bool(self.champs.get(str(condition)))

    def _remplacer(self, trouve: re.Match[str]) -> str:
        nom = trouve[1]
        if valeur := self.champs.get(nom):
            return valeur
        libelle = self.libelles.get(nom, nom)
        if libelle not in self.manquants:
            self.manquants.append(libelle)
        return f"[à compléter : {libelle[:1].lower()}{libelle[1:]}]"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it will be read, numbered in the order of those that are kept."""

    numero: str
    titre: str
    paragraphes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TexteContrat:
    """The merged model. `manquants`: labels of what must be given before the signature."""

    titre: str
    preambule: tuple[str, ...]
    visas: tuple[str, ...]
    articles: tuple[Article, ...]
    conclusion: tuple[str, ...]
    manquants: tuple[str, ...]


def fusionner(modele: Mapping[str, Any], champs: Champs, preambule: str = "") -> TexteContrat:
    """The text of the contract; `preambule` replaces that of the model when it is not empty."""
    fusion = Fusion(champs, {str(k): str(v) for k, v in (modele.get("champs") or {}).items()})
    # A title is never left with a hole: the kind of contract may still be unknown.
    titre = Fusion(
        {**champs, "type_contrat": champs.get("type_contrat") or "Contrat"}, fusion.libelles
    ).texte(str(modele.get("titre") or "Contrat territorial {{ territoire_nom }}"))
    textes = fusion.paragraphes(preambule or str(modele.get("preambule") or ""))
    visas = tuple(fusion.texte(str(v["texte"])) for v in modele.get("visas") or () if fusion.garde(v))
    gardes = [a for a in modele.get("articles") or () if fusion.garde(a)]
    articles = tuple(
        Article(str(n), fusion.texte(str(a["titre"])), fusion.paragraphes(str(a["texte"])))
        for n, a in enumerate(gardes, 1)
    )
    conclusion = fusion.paragraphes(str(modele.get("conclusion") or ""))
    fusion.texte(
        str(modele.get("parties") or "")
    )  # read for what it needs; the sheet prints the parties itself
    return TexteContrat(titre, textes, visas, articles, conclusion, tuple(fusion.manquants))
