"""docs/asvs.csv: each requirement of levels 1 and 2 of ASVS 5.0.0 has its answer, each proof exists."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
EXIGENCES = {1: 70, 2: 183}
"""How many the standard has at each of the two levels."""
REPONSES = {"test", "document", "exploitant", "sans objet", "ouvert"}
_NUMERO = re.compile(r"V(\d+)\.(\d+)\.(\d+)")
Ligne = dict[str, str]


@pytest.fixture(scope="module")
def lignes() -> list[Ligne]:
    with (RACINE / "docs/asvs.csv").open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def test_chaque_exigence_des_deux_niveaux_a_une_ligne(lignes: list[Ligne]) -> None:
    assert len({x["exigence"] for x in lignes}) == len(lignes)
    assert all(_NUMERO.fullmatch(x["exigence"]) for x in lignes)
    assert Counter(int(x["niveau"]) for x in lignes) == EXIGENCES


def test_chaque_reponse_est_l_une_des_cinq_et_se_justifie(lignes: list[Ligne]) -> None:
    for x in lignes:
        assert x["reponse"] in REPONSES, x["exigence"]
        assert x["preuve"] if x["reponse"] in {"test", "document", "exploitant"} else x["note"], x["exigence"]


def test_rien_n_est_ouvert_au_premier_niveau_et_un_test_repond_a_sept_sur_dix(lignes: list[Ligne]) -> None:
    assert not [x["exigence"] for x in lignes if x["niveau"] == "1" and x["reponse"] == "ouvert"]
    applicables = [x for x in lignes if x["reponse"] != "sans objet"]
    assert sum(x["reponse"] == "test" for x in applicables) >= 0.7 * len(applicables)


def test_chaque_test_cite_existe(lignes: list[Ligne]) -> None:
    lus: dict[str, str] = {}
    perdus = []
    for x in lignes:
        for preuve in x["preuve"].split() if x["reponse"] == "test" else ():
            chemin, _, nom = preuve.partition("::")
            if chemin not in lus:
                lus[chemin] = (
                    (RACINE / chemin).read_text(encoding="utf-8") if (RACINE / chemin).exists() else ""
                )
            if not re.search(rf"^\s*def {re.escape(nom)}\(", lus[chemin], re.M):
                perdus.append(f"{x['exigence']} : {preuve}")
    assert not perdus


def test_chaque_document_cite_et_sa_partie_existent(lignes: list[Ligne]) -> None:
    perdus = []
    for x in lignes:
        if x["reponse"] not in {"document", "exploitant"}:
            continue
        chemin, _, partie = x["preuve"].partition("#")
        texte = (RACINE / chemin).read_text(encoding="utf-8") if (RACINE / chemin).exists() else ""
        titres = {
            re.sub(r"[^\w-]", "", t.lower().replace(" ", "-")) for t in re.findall(r"^#+ (.+)$", texte, re.M)
        }
        if not texte or (partie and partie not in titres):
            perdus.append(f"{x['exigence']} : {x['preuve']}")
    assert not perdus
