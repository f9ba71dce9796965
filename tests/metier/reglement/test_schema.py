"""The published JSON Schema: generated, complete, and true of every shipped règlement."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from arpent.metier.reglement import CATALOGUE, CHAMPS_COMMUNS, Regle, lire_reglement, schema_json
from arpent.metier.reglement.schema import DIALECTE
from tests.metier.reglement.cas import DISPOSITIFS, EXEMPLES, lire_yaml, reglements
from tests.metier.reglement.fabrique import donnees
from tests.metier.reglement.test_description import par_genre, regle_complete

PUBLIE = Path(__file__).resolve().parents[3] / "docs/schemas/reglement.schema.json"
SCHEMA = schema_json()
VALIDEUR = Draft202012Validator(SCHEMA)


def conforme(valeur: Any) -> bool:
    return VALIDEUR.is_valid(valeur)


def reglements_livres() -> Iterator[Any]:
    """Every shipped règlement, as JSON: dates become texts."""
    dossiers = (d for d in DISPOSITIFS.iterdir() if d.is_dir() and (d / "reglement.yaml").is_file())
    chemins = {d.name: d / "reglement.yaml" for d in dossiers}
    chemins |= {nom: EXEMPLES / f"{nom}.yaml" for nom in reglements()}
    for nom, chemin in sorted(chemins.items()):
        yield pytest.param(json.loads(json.dumps(lire_yaml(chemin), default=str)), id=nom)


@pytest.mark.parametrize("reglement", list(reglements_livres()))
def test_chaque_reglement_livre_est_conforme_au_schema(reglement: dict[str, Any]) -> None:
    assert conforme(reglement)
    assert not conforme({**reglement, "auteur": "?"})


@par_genre
def test_le_schema_accepte_une_regle_complete_et_refuse_une_cle_de_trop(classe: type[Regle]) -> None:
    complete = regle_complete(classe)
    assert conforme(donnees(complete))
    assert not conforme(donnees({**complete, "inconnue": 1}))
    for champ in classe.CHAMPS:
        sans = {cle: valeur for cle, valeur in complete.items() if cle != champ.cle}
        assert conforme(donnees(sans)) is not champ.obligatoire


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
    assert conforme(donnees(regle))


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
    assert not conforme(donnees(regle))


def test_le_schema_est_un_schema_de_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == DIALECTE
    renvois = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))
    assert renvois <= set(SCHEMA["$defs"])
    assert {f"regle_{classe.GENRE}" for classe in CATALOGUE} <= renvois


def test_le_schema_publie_est_celui_du_code() -> None:
    """`arpent reglement schema > docs/schemas/reglement.schema.json` after a change."""
    assert json.loads(PUBLIE.read_text(encoding="utf-8")) == schema_json()
