"""What a view hands to the components: small frozen values, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

Sens = Literal["vertical", "horizontal"]
EtatEtape = Literal["a_venir", "en_cours", "fait"]


@dataclass(frozen=True, slots=True)
class Onglet:
    """One tab: a link to a page of the same family."""

    libelle: str
    url: str
    courant: bool = False
    nombre: int | None = None


@dataclass(frozen=True, slots=True)
class Etape:
    """One step of a timeline. `date` is already written for the reader ("12 mars 2026")."""

    libelle: str
    etat: EtatEtape
    date: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One stacked part of a gauge. `genre`: `plein` (granted), `propose` (hatched) or `autre`."""

    libelle: str
    valeur: Decimal
    genre: Literal["plein", "propose", "autre"] = "plein"


class PageDeListe(Protocol):
    """What `pagination` reads of a page (django.core.paginator.Page answers it)."""

    number: int

    @property
    def paginator(self) -> Paginateur: ...


class Paginateur(Protocol):
    """Number of pages and of rows."""

    @property
    def num_pages(self) -> int: ...

    @property
    def count(self) -> int: ...
