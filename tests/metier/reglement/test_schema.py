"""The published JSON Schema: generated, complete, and true of every shipped règlement.

`conforme` is the part of JSON Schema that the published schema uses, no more.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from arpent.metier.reglement import CATALOGUE, CHAMPS_COMMUNS, Regle, lire_reglement, schema_json
from arpent.metier.reglement.schema import DIALECTE
from tests.metier.reglement.fabrique import donnees
from tests.metier.reglement.test_description import par_genre, regle_complete

SCHEMA = schema_json()
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
MOTS = {
    "$schema", "$defs", "$ref", "title", "description", "examples", "format", "type", "const", "enum",
    "oneOf", "anyOf", "allOf", "if", "then", "pattern", "minLength", "minimum", "minItems",
    "minProperties", "items",    "properties", "required", "additionalProperties",
}  # fmt: skip


def conforme(valeur: Any, schema: Any) -> bool:
    """True when `valeur` is valid against this part of the schema."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= MOTS
    if "$ref" in schema and not conforme(valeur, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]):
        return False
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_est(valeur, nom) for nom in types):
        return False
    if "const" in schema and valeur != schema["const"]:
        return False
    if "enum" in schema and valeur not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(conforme(valeur, s) for s in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(conforme(valeur, s) for s in schema["oneOf"]) != 1:
        return False
    for sous in schema.get("allOf", []):
        if ("if" not in sous and not conforme(valeur, sous)) or (
            "if" in sous and conforme(valeur, sous["if"]) and not conforme(valeur, sous["then"])
        ):
            return False
    if isinstance(valeur, str):
        return bool(re.search(schema.get("pattern", ""), valeur)) and len(valeur) >= schema.get(
            "minLength", 0
        )
    if isinstance(valeur, int):
        return bool(valeur >= schema.get("minimum", valeur))
    if isinstance(valeur, list):
        return len(valeur) >= schema.get("minItems", 0) and all(
            conforme(v, schema.get("items", True)) for v in valeur
        )
    return not isinstance(valeur, dict) or _objet_conforme(valeur, schema)


def _est(valeur: Any, nom: str) -> bool:
    return isinstance(valeur, TYPES[nom]) and (nom == "boolean" or not isinstance(valeur, bool))


def _objet_conforme(valeur: dict[str, Any], schema: dict[str, Any]) -> bool:
    proprietes = schema.get("properties", {})
    autres = schema.get("additionalProperties", True)
    return (
        set(schema.get("required", [])) <= set(valeur)
        and len(valeur) >= schema.get("minProperties", 0)
        and all(conforme(v, proprietes.get(cle, autres)) for cle, v in valeur.items())
    )


def reglements_livres() -> Iterator[Any]:
    for dossier in sorted(files("arpent.dispositifs").iterdir(), key=lambda d: d.name):
        if dossier.is_dir() and (fichier := dossier / "reglement.yaml").is_file():
            lu = yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
            yield pytest.param(_typer(lu), id=dossier.name)


def _typer(lu: Any) -> Any:
    """YAML read as JSON would be: dates stay texts, empty values are null."""
    if isinstance(lu, dict):
        return {cle: _typer(valeur) for cle, valeur in lu.items()}
    if isinstance(lu, list):
        return [_typer(valeur) for valeur in lu]
    return None if lu in ("null", "") else lu


@pytest.mark.parametrize("reglement", list(reglements_livres()))
def test_chaque_reglement_livre_est_conforme_au_schema(reglement: dict[str, Any]) -> None:
    assert conforme(reglement, SCHEMA)
    assert not conforme({**reglement, "auteur": "?"}, SCHEMA)


@par_genre
def test_le_schema_accepte_une_regle_complete_et_refuse_une_cle_de_trop(classe: type[Regle]) -> None:
    complete = regle_complete(classe)
    assert conforme(donnees(complete), SCHEMA)
    assert not conforme(donnees({**complete, "inconnue": 1}), SCHEMA)
    for champ in classe.CHAMPS:
        sans = {cle: valeur for cle, valeur in complete.items() if cle != champ.cle}
        assert conforme(donnees(sans), SCHEMA) is not champ.obligatoire


@par_genre
def test_le_schema_nomme_chaque_cle_en_francais(classe: type[Regle]) -> None:
    genre = SCHEMA["$defs"][f"regle_{classe.GENRE}"]
    assert (genre["title"], genre["description"]) == (classe.INTITULE, classe.DESCRIPTION)
    for champ in (*CHAMPS_COMMUNS, *classe.CHAMPS):
        assert genre["properties"][champ.cle]["title"] == champ.libelle


CONDITION = {"et": [{"non": {"champ": "classe", "parmi": ["a"]}},
                    {"ou": [{"champ": "indicateur.pf", "est": "<", "valeur": "0,9"},
                            {"champ": "zonages", "renseigne": True}]}]}  # fmt: skip


@pytest.mark.parametrize(
    "taux",
    [
        {"valeur": None, "valeur_demonstration": "30 %", "source": "x"},
        {"par": "population", "tranches": [{"moins_de": 500, "valeur": "30 %"}, {"valeur": None}]},
        {"lignes": [{"si": CONDITION, "valeur": "30 %"}, {"valeur": "20 %", "source": "x"}]},
    ],
)
def test_le_schema_accepte_toutes_les_formes_de_bareme(taux: Any) -> None:
    regle = {"genre": "taux_intervention", "taux": taux, "si": CONDITION}
    assert lire_reglement(donnees(regle)).regles
    assert conforme(donnees(regle), SCHEMA)


@pytest.mark.parametrize(
    "regle",
    [
        {"genre": "cumul_aides", "si": {"champ": "meteo", "valeur": 1}},
        {"genre": "cumul_aides", "si": {"champ": "population", "est": "~", "valeur": 1}},
        {"genre": "cumul_aides", "si": {"et": []}},
        {"genre": "taux_intervention", "taux": {"lignes": [{"valeur": "30"}]}},
        {"genre": "taux_intervention", "taux": {"par": "population", "tranches": [{"moins_de": 500}]}},
        {"genre": "magie"},
        {},
        {"genre": "taux_intervention", "taux": "trente"},
        {"genre": "taux_intervention", "taux": 30},
        {"genre": "taux_intervention", "taux": {"par": "meteo", "valeurs": {"a": "30 %"}}},
        {"genre": "taux_intervention", "taux": {"valeur": "30 %", "note": "?"}},
        {"genre": "bonification", "points": "5 %", "population_max": -1},
        {"genre": "beneficiaire_eligible", "natures": ["comune"]},
    ],
)
def test_le_schema_refuse_une_regle_fausse(regle: dict[str, Any]) -> None:
    assert not conforme(donnees(regle), SCHEMA)


def test_le_schema_est_du_json_de_2020_12() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == DIALECTE
    renvois = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))
    assert renvois <= set(SCHEMA["$defs"])
    assert {f"regle_{classe.GENRE}" for classe in CATALOGUE} <= renvois
