"""The règlements shipped as examples: real patterns, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .fichiers import lire_fichier
from .livre import RACINE


@dataclass(frozen=True, slots=True)
class Exemple:
    """One shipped file; `nom` is its name without suffix."""

    nom: str
    titre: str
    chemin: Path

    def contenu(self) -> dict[str, Any]:
        return lire_fichier(self.chemin.read_bytes()).contenu


@cache
def exemples() -> tuple[Exemple, ...]:
    """By name; what lies beside them (worked cases, funds) has a second suffix and is left out."""
    chemins = sorted(c for c in (RACINE / "exemples").glob("*.yaml") if "." not in c.stem)
    return tuple(Exemple(c.stem, _titre(c), c) for c in chemins)


def _titre(chemin: Path) -> str:
    return str(lire_fichier(chemin.read_bytes()).contenu.get("intitule") or chemin.stem)
