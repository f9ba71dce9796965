"""What a resource of the API is: who reads it, how it is filtered, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ..lecteur import Lecteur
from ..portees import LECTURE

ENTIER_MAX = 10**18 - 1
"""A key fits in 64 bits, and so does any text of eighteen digits."""
Montant = Annotated[
    str,
    Field(pattern=r"^-?\d{1,15}\.\d{2}$", description="Euros, au centime, en texte.", examples=["1234.50"]),
]
Cle = Annotated[int, Field(ge=1, le=ENTIER_MAX)]
Jour = date
Instant = datetime


class Forme(Schema):
    """Base of what is written: every key is always there, null when the value is not known."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Filtre:
    """A parameter of a list: the look-up it makes, and the form of its value."""

    recherche: str
    genre: Any
    aide: str


def filtre_entier(recherche: str, aide: str) -> Filtre:
    return Filtre(recherche, Annotated[int, Field(ge=0, le=ENTIER_MAX)], aide)


def filtre_mot(recherche: str, aide: str) -> Filtre:
    return Filtre(recherche, Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,80}$")], aide)


def jour_strict(texte: str) -> str:
    """AAAA-MM-JJ and nothing else: neither a week, nor a number of seconds."""
    try:
        if len(texte) != 10 or date.fromisoformat(texte).isoformat() != texte:
            raise ValueError
    except ValueError:
        raise PydanticCustomError("date_iso", "AAAA-MM-JJ") from None
    return texte


JourDemande = Annotated[
    str, AfterValidator(jour_strict), Field(json_schema_extra={"format": "date"}, examples=["2026-12-31"])
]


def filtre_jour(recherche: str, aide: str) -> Filtre:
    return Filtre(recherche, JourDemande, aide)


@dataclass(frozen=True, slots=True)
class Ressource:
    """One kind of object. `lire` gives what the reader sees, whatever the filters; `ecrire` one line of it.

    `parmi` keeps, of a page already read, what only Python can tell is readable.
    """

    code: str
    rubrique: str
    titre: str
    aide: str
    droit: str
    forme: type[Schema]
    lire: Callable[[Lecteur], QuerySet[Any]]
    ecrire: Callable[[Any], dict[str, Any]]
    portee: str = LECTURE
    cle_texte: str = ""
    """Pattern of a key that is a text; empty: a whole number."""
    filtres: Mapping[str, Filtre] = field(default_factory=dict)
    detail: type[Schema] | None = None
    detailler: Callable[[Any], dict[str, Any]] | None = None
    parmi: Callable[[Lecteur, Sequence[Any]], list[Any]] | None = None

    @property
    def un(self) -> str:
        """Its name for a program: `fiches` → `fiche`."""
        return self.code.rstrip("s").replace("-", "_")


DEMARCHE = {
    "demarche": filtre_entier("demarche", "Numéro de la démarche."),
    "territoire": filtre_mot("demarche__territoire__slug", "Code du territoire."),
}
"""Filters of whatever belongs to a démarche."""


def montant(valeur: Decimal | None) -> str | None:
    return None if valeur is None else f"{valeur:.2f}"


def nombre(valeur: Decimal | None) -> str | None:
    """A number in text, without the zeros that the column adds."""
    return None if valeur is None else f"{valeur.normalize():f}"
