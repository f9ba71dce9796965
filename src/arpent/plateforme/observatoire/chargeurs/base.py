"""What a loader is, what it is given and what it gives back.

A loader is a module-level object of a class that follows `Chargeur`. It never guesses: a file it does not
recognise is left to the others; a row it cannot read is rejected with its cause; a secret cell is never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import polars as pl

    from .source import Source

LICENCE_OUVERTE = "Licence Ouverte 2.0"
EXEMPLES_MAX = 20

Progression = Callable[[str, int, int], None]
"""Called with (what is being done, rows done, rows in all or 0 when unknown)."""


class FichierRefuse(Exception):
    """Why the file is not loaded, and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Reconnaissance:
    """What the file says it is. `millesime`: year (or period) of the data; `geographie`: year of its codes.

    `membre` names the member of the archive that holds the data ("" when the file is not an archive).
    `details` is for the loader alone (scale, layout…).
    """

    millesime: str
    geographie: int
    membre: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lot:
    """One table to keep. `niveau`: communes, epci, departements, regions, france, zones_emploi, groupements,
    flux, liens, contours… For the territorial levels the first column is `code` (text) and the others are
    the variables under their official names (Float64, null = missing); a variable under statistical
    secrecy has a companion Boolean column `<variable>__secret`, true where the cell was secret.
    """

    niveau: str
    table: pl.DataFrame


@dataclass(slots=True)
class Rapport:
    """Rows read, kept and rejected, with the causes; codes unknown or merged; secret cells."""

    lues: int = 0
    gardees: int = 0
    rejets: Counter[str] = field(default_factory=Counter)
    exemples: list[str] = field(default_factory=list)
    codes_inconnus: list[str] = field(default_factory=list)
    codes_fusionnes: dict[str, str] = field(default_factory=dict)
    cellules_secretes: int = 0
    avertissements: list[str] = field(default_factory=list)

    def rejeter(self, cause: str, ligne: int | None = None, valeur: str = "") -> None:
        """One row left out. `ligne` is its line in the file, from 1, the header being line 1."""
        self.rejets[cause] += 1
        if len(self.exemples) < EXEMPLES_MAX:
            ou = f"ligne {ligne} : " if ligne else ""
            self.exemples.append(f"{ou}{cause}" + (f" (« {valeur[:60]} »)" if valeur else ""))

    @property
    def rejetees(self) -> int:
        return sum(self.rejets.values())

    def en_json(self) -> dict[str, Any]:
        return asdict(self) | {"rejets": dict(self.rejets), "rejetees": self.rejetees}

    @classmethod
    def depuis(cls, brut: Mapping[str, Any]) -> Rapport:
        champs = {nom: brut[nom] for nom in cls.__slots__ if nom in brut}
        return cls(**(champs | {"rejets": Counter(brut.get("rejets", {}))}))


class Chargeur(Protocol):
    """One official file. `jeu`: its code in the store (slug); `version` is raised when its output changes."""

    jeu: str
    titre: str
    producteur: str
    licence: str
    adresse: str
    version: int

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        """What the file is, read from its names and headers only; None when it is not this loader's."""

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        """The tables. Fills `rapport`. Raises FichierRefuse when nothing usable can be read."""
