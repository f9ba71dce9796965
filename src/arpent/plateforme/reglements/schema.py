"""The published JSON Schema, and what it refuses said in French."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from arpent.metier.reglement import schema_json

from .fichiers import Chemin

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "object": "une table de clés et de valeurs",
    "array": "une liste",
    "string": "un texte",
    "integer": "un nombre entier",
    "boolean": "« true » (oui) ou « false » (non)",
    "number": "un nombre",
    "null": "vide",
}
CHOIX_MONTRES = 12


@cache
def validateur() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # at the first règlement: the start must not pay for it

    schema = schema_json()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def refus_du_schema(contenu: Mapping[str, Any]) -> list[tuple[Chemin, str]]:
    """(path, French message) of all that the schema refuses, in the order of the text."""
    trouves = [_preciser(erreur) for erreur in validateur().iter_errors(contenu)]
    refus = [(tuple(e.absolute_path), _phrase(e)) for e in trouves]
    return sorted(dict.fromkeys(refus), key=lambda r: [(isinstance(c, str), str(c).zfill(4)) for c in r[0]])


def _preciser(erreur: ValidationError) -> ValidationError:
    """Of « none of these forms », what is wrong in the form that the author had in mind."""
    while erreur.context and not _est_choix(erreur):
        formes = _formes(erreur)
        proche = min(formes, key=lambda f: sum(map(_eloignement, f)))
        if sum(map(_eloignement, proche)) >= _AUTRE_FORME:
            return erreur
        erreur = max(proche, key=lambda e: (len(e.absolute_path), -_eloignement(e)))
    return erreur


_AUTRE_FORME = 10


def _formes(erreur: ValidationError) -> list[list[ValidationError]]:
    """The errors of each form that was tried."""
    formes: dict[Any, list[ValidationError]] = {}
    for e in erreur.context:
        formes.setdefault(e.schema_path[0], []).append(e)
    return list(formes.values())


def _eloignement(erreur: ValidationError) -> int:
    """How far a value is from a form: a wrong value inside is near, another type is far."""
    if erreur.relative_path and erreur.parent is not None:
        return 1
    if erreur.context and not _est_choix(erreur):
        return min(sum(map(_eloignement, forme)) for forme in _formes(erreur))
    match erreur.validator:
        case "required":
            return 4
        case "additionalProperties":
            return 3 * len(_inconnues(erreur))
        case "type":
            return _AUTRE_FORME
        case _:
            return 1


def _est_choix(erreur: ValidationError) -> bool:
    """True for a choice among fixed values."""
    return erreur.validator in {"oneOf", "anyOf"} and all(
        "const" in choix for choix in _sans_vide(erreur.validator_value)
    )


def _inconnues(erreur: ValidationError) -> list[str]:
    connues = erreur.schema.get("properties", {})
    return sorted(str(cle) for cle in erreur.instance if cle not in connues)


def _phrase(erreur: ValidationError) -> str:
    valeur = erreur.validator_value
    match erreur.validator:
        case "required":
            manquante = next((cle for cle in valeur if cle not in erreur.instance), "")
            return f"il manque la clé « {manquante} »."
        case "additionalProperties":
            connues = ", ".join(sorted(erreur.schema.get("properties", {})))
            return f"clé inconnue « {_inconnues(erreur)[0]} ». Clés attendues : {connues}."
        case "type":
            types = [valeur] if isinstance(valeur, str) else valeur
            return f"la valeur doit être {' ou '.join(_TYPES[t] for t in types)}."
        case "enum":
            return _inconnue(erreur.instance, valeur)
        case "oneOf" | "anyOf" if _est_choix(erreur):
            return _inconnue(erreur.instance, [c["const"] for c in _sans_vide(valeur)])
        case "minItems" | "minProperties":
            return "la liste est vide : donnez au moins un élément, ou retirez la clé."
        case "minLength":
            return "le texte est vide."
        case "minimum":
            return f"la valeur doit être au moins {valeur}."
        case _:
            return _forme_attendue(erreur)


def _sans_vide(choix: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [c for c in choix if c.get("type") != "null"]


def _inconnue(lue: Any, choix: Iterable[Any]) -> str:
    noms = [str(c) for c in choix]
    suite = f"… ({len(noms)} valeurs possibles)" if len(noms) > CHOIX_MONTRES else "."
    return f"valeur inconnue « {lue} ». Attendu : {', '.join(noms[:CHOIX_MONTRES])}{suite}"


def _forme_attendue(erreur: ValidationError) -> str:
    exemples = list(dict.fromkeys(_exemples(erreur.schema, 0)))
    if erreur.schema.get("format") == "date":
        exemples = ["2026-01-01"]
    quoi = str(erreur.schema.get("title", ""))
    debut = f"« {quoi} » n’a pas la forme attendue" if quoi else "la valeur n’a pas la forme attendue"
    if not exemples:
        return f"{debut}."
    ecrits = " ou ".join(f'"{e}"' for e in exemples)
    return f"{debut} ; écrivez par exemple {ecrits}, ou « valeur: null » si elle n’est pas publiée."


def _exemples(schema: Any, profondeur: int) -> Iterable[str]:
    """The examples given by the schema or by the forms it refers to."""
    if isinstance(schema, list):
        for element in schema:
            yield from _exemples(element, profondeur)
    if not isinstance(schema, dict) or profondeur > 3:
        return
    yield from map(str, schema.get("examples", ()))
    if trouve := re.fullmatch(r"#/\$defs/(\w+)", str(schema.get("$ref", ""))):
        yield from _exemples(validateur().schema["$defs"][trouve[1]], profondeur + 1)
    for cle in ("anyOf", "oneOf"):
        yield from _exemples(schema.get(cle), profondeur + 1)
