"""What the page « vos interlocuteurs » needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class InterlocuteurDoc:
    """Somebody to call; `absence` and `suppleant` are empty when they are there."""

    nom: str
    titre: str
    organisation: str
    telephone: str = ""
    courriel: str = ""
    absence: str = ""
    suppleant: str = ""


@dataclass(frozen=True, slots=True)
class RubriqueDoc:
    titre: str
    gens: tuple[InterlocuteurDoc, ...]


@dataclass(frozen=True, slots=True)
class InterlocuteursDoc:
    """The sheet of a territory, and of a theme (empty: all)."""

    territoire: str
    autorite: str
    theme: str
    etabli_le: date
    rubriques: tuple[RubriqueDoc, ...]
    demonstration: bool = False
    gabarit: str = "interlocuteurs/v1"
