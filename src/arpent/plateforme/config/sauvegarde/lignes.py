"""A row as one line of JSON, the same on both databases, and the fingerprint of a table.

The fingerprint of a table is the sum, modulo 2²⁵⁶, of the SHA-256 of its lines: two databases that sort text
differently give the same one, and it is computed row by row.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models

_MODULO = 1 << 256
_FLOTTANT = re.compile(rb'(?:":|[\[,])-?\d+(?:\.\d|[eE])')
Lire = Callable[[Any], Any]


def _neutre(valeur: Any) -> Any:
    match valeur:
        case datetime():
            return valeur.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return valeur.isoformat()
        case Decimal():
            return f"{valeur:f}"
        case uuid.UUID():
            return str(valeur)
        case bytes() | memoryview():
            return base64.b64encode(bytes(valeur)).decode()
    raise TypeError(f"{type(valeur).__name__} has no neutral form")


_ENCODEUR, _CANONIQUE = (
    json.JSONEncoder(
        ensure_ascii=False, sort_keys=tries, separators=(",", ":"), default=_neutre, check_circular=False
    )
    for tries in (False, True)
)


def en_ligne(valeurs: Sequence[Any]) -> bytes:
    """The row as a JSON array, without its end of line; the keys of its documents keep their order."""
    return _ENCODEUR.encode(valeurs).encode()


def _sans_virgule(valeur: Any) -> Any:
    """1.0 and 1 are one number: PostgreSQL gives back a large float of a JSON document as an integer."""
    match valeur:
        case float() if valeur.is_integer():
            return int(valeur)
        case list():
            return [_sans_virgule(v) for v in valeur]
        case dict():
            return {k: _sans_virgule(v) for k, v in valeur.items()}
    return valeur


class Empreinte:
    """Grows line after line; the order of the lines does not matter."""

    def __init__(self) -> None:
        self.nombre, self._somme = 0, 0

    def ajouter(self, ligne: bytes) -> None:
        """Only a document, or a number with a point, may be written in two ways."""
        if b"{" in ligne or _FLOTTANT.search(ligne):
            ligne = _CANONIQUE.encode(_sans_virgule(json.loads(ligne))).encode()
        self._somme += int.from_bytes(hashlib.sha256(ligne).digest(), "big")
        self.nombre += 1

    @property
    def valeur(self) -> str:
        return f"{self._somme % _MODULO:064x}"


_LECTEURS: dict[str, Lire] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DecimalField": Decimal,
    "UUIDField": uuid.UUID,
    "BinaryField": base64.b64decode,
    "FloatField": float,
}


def lecteur_de(champ: models.Field[Any, Any]) -> Lire | None:
    """How the text of a value of this column becomes a Python value; None: it already is one."""
    while isinstance(champ, models.ForeignKey):
        champ = champ.target_field
    return _LECTEURS.get(champ.get_internal_type())
