"""JSON as the API writes and reads it: amounts as texts, nothing that a strict reader refuses."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn


def _autre(valeur: Any) -> str:
    match valeur:
        case Decimal():
            return f"{valeur:f}"
        case datetime():
            return valeur.isoformat(timespec="seconds")
        case date():
            return valeur.isoformat()
        case _:
            return str(valeur)


_encodeur = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_autre)


def ecrire(valeur: Any) -> bytes:
    return _encodeur.encode(valeur).encode("utf-8", "replace")


def _refuser(mot: str) -> NoReturn:
    raise ValueError(mot)


def _se_garde(valeur: Any) -> bool:
    match valeur:
        case str():
            return "\0" not in valeur and not any("\ud800" <= c <= "\udfff" for c in valeur)
        case dict():
            return all(_se_garde(k) and _se_garde(v) for k, v in valeur.items())
        case list():
            return all(map(_se_garde, valeur))
        case _:
            return True


def lire(corps: bytes) -> Any:
    """ValueError: no JSON, not a number (NaN, Infinity), too deep, or a text no database can keep."""
    try:
        valeur = json.loads(corps, parse_constant=_refuser)
    except RecursionError:
        raise ValueError("trop imbriqué") from None
    if not _se_garde(valeur):
        raise ValueError("caractère nul")
    return valeur
