"""What the printed thread needs to know, every value already written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .donnees_charte import CharteDoc


@dataclass(frozen=True, slots=True)
class MailleDoc:
    """One thing on the thread."""

    titre: str
    detail: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class EtageDoc:
    """One floor. `ruptures`: what is missing and what to do, one sentence each."""

    titre: str
    mailles: tuple[MailleDoc, ...]
    ruptures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilDoc:
    """The thread of an enjeu or of a project."""

    titre: str
    etages: tuple[EtageDoc, ...]


@dataclass(frozen=True, slots=True)
class FilRougeDoc:
    """`retour`: read from the result back to the statistic."""

    territoire: str
    generation: str
    retour: bool
    fils: tuple[FilDoc, ...]
    etabli_le: date
    charte: CharteDoc | None = None
    demonstration: bool = False
    gabarit: str = "fil_rouge/v1"
