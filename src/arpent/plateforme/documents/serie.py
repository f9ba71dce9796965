"""Documents as JSON and back, so that what was rendered can be archived and rendered again, byte for byte.

Decimal is written as text, a date as ISO 8601. Reading back is driven by the type hints of the dataclass:
an unknown key or a value of the wrong kind raises ValueError with its path.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def en_json(document: object) -> str:
    """Canonical JSON of a document dataclass: sorted keys, no superfluous space."""
    if not is_dataclass(document) or isinstance(document, type):
        raise TypeError("en_json attend une instance de dataclass de documents.donnees")
    return json.dumps(
        asdict(document), default=_ecrire, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def depuis_json(classe: type[T], texte: str) -> T:
    """The dataclass written by ``en_json``. ValueError when the text does not describe one."""
    return lire(classe, json.loads(texte))


def lire(classe: type[T], valeur: object) -> T:
    """The same from what a JSON field holds."""
    resultat = _lire(classe, valeur, classe.__name__)
    assert isinstance(resultat, classe)
    return resultat


def _ecrire(valeur: object) -> str:
    if isinstance(valeur, Decimal):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    raise TypeError(f"valeur non prévue dans un document : {type(valeur).__name__}")


@cache
def _types(classe: type) -> dict[str, Any]:
    return get_type_hints(classe)


def _lire(attendu: Any, valeur: Any, chemin: str) -> Any:
    origine = get_origin(attendu)
    if origine in (Union, types.UnionType):
        choix = [x for x in get_args(attendu) if x is not type(None)]
        return None if valeur is None else _lire(choix[0], valeur, chemin)
    if origine is tuple and isinstance(valeur, list):
        return tuple(_lire(get_args(attendu)[0], x, f"{chemin}[{i}]") for i, x in enumerate(valeur))
    if origine is Literal and valeur in get_args(attendu):
        return valeur
    if is_dataclass(attendu) and isinstance(valeur, Mapping):
        return _lire_objet(attendu, valeur, chemin)
    return _lire_simple(attendu, valeur, chemin)


def _lire_objet(classe: Any, valeur: Mapping[str, Any], chemin: str) -> Any:
    inconnus = sorted(set(valeur) - {champ.name for champ in fields(classe)})
    if inconnus:
        raise ValueError(f"{chemin} : champ inconnu « {inconnus[0]} »")
    hints = _types(classe)
    champs = {cle: _lire(hints[cle], x, f"{chemin}.{cle}") for cle, x in valeur.items()}
    try:
        return classe(**champs)
    except TypeError as erreur:
        raise ValueError(f"{chemin} : champ obligatoire absent ({erreur})") from erreur


def _lire_simple(attendu: Any, valeur: Any, chemin: str) -> Any:
    try:
        if attendu is Decimal and isinstance(valeur, str):
            return Decimal(valeur)
        if attendu is date and isinstance(valeur, str):
            return date.fromisoformat(valeur)
    except (InvalidOperation, ValueError) as erreur:
        raise ValueError(f"{chemin} : valeur illisible « {valeur} »") from erreur
    if attendu in (str, int, bool) and type(valeur) is attendu:
        return valeur
    raise ValueError(f"{chemin} : valeur inattendue « {valeur} »")
