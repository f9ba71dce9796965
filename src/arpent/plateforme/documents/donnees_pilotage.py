"""What the brief of the elected member needs to know of a dispositif, every value already written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .donnees_charte import CharteDoc


@dataclass(frozen=True, slots=True)
class ChiffreDoc:
    """A key figure."""

    libelle: str
    valeur: str


@dataclass(frozen=True, slots=True)
class LignePilotageDoc:
    """A territory, what is said of it, a date or an amount."""

    territoire: str
    quoi: str
    valeur: str


@dataclass(frozen=True, slots=True)
class NotePilotageDoc:
    """`*_en_plus`: how many territories the list does not name. `perimetre`: the filters, empty for all."""

    dispositif: str
    autorite: str
    perimetre: str
    chiffres: tuple[ChiffreDoc, ...]
    decide: tuple[LignePilotageDoc, ...]
    decide_en_plus: int
    reste: tuple[LignePilotageDoc, ...]
    reste_en_plus: int
    retards: tuple[LignePilotageDoc, ...]
    retards_en_plus: int
    silencieux: tuple[str, ...]
    silence_jours: int
    etabli_le: date
    charte: CharteDoc | None = None
    demonstration: bool = False
    gabarit: str = "note_pilotage/v1"
