"""What a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Releve:
    """How many things a check has read so far."""

    nombre: int = 0


@dataclass(frozen=True, slots=True)
class Controle:
    """One check: `faire` counts what it reads and gives each anomaly as a French sentence."""

    code: str
    libelle: str
    lus: str
    faire: Callable[[Releve], Iterator[str]]
