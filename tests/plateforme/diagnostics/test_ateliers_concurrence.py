"""Thirty-two phones vote at once, also while the workshop closes: no point too many, none uncounted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.concurrence
RACINE = Path(__file__).resolve().parents[3]
TELEPHONES, PROCESSUS, POINTS = 32, 4, 5


@pytest.fixture
def ailleurs(tmp_path: Path, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Environment of a database of its own, on the engine under test."""
    environnement = os.environ | {"ARPENT_DONNEES": str(tmp_path), "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}
    if connection.vendor == "postgresql":
        _base(django_db_blocker, "DROP DATABASE IF EXISTS arpent_atelier", "CREATE DATABASE arpent_atelier")
        adresse = os.environ["DATABASE_URL"]
        environnement["DATABASE_URL"] = adresse.rsplit("/", 1)[0] + "/arpent_atelier"
    yield environnement
    if connection.vendor == "postgresql":
        _base(django_db_blocker, "DROP DATABASE arpent_atelier")


def _base(blocker: Any, *ordres: str) -> None:
    with blocker.unblock(), connection._nodb_cursor() as cursor:
        for ordre in ordres:
            cursor.execute(ordre)


def _lancer(environnement: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.plateforme.diagnostics.atelier_ouvrier", *arguments],
        cwd=RACINE, env=environnement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _attendre(ouvrier: subprocess.Popen[str]) -> dict[str, Any]:
    sortie, erreurs = ouvrier.communicate(timeout=180)
    assert ouvrier.returncode == 0, erreurs
    resultat: dict[str, Any] = json.loads(sortie.strip().splitlines()[-1])
    return resultat


def _votants(environnement: dict[str, str], salle: dict[str, Any]) -> list[subprocess.Popen[str]]:
    part = TELEPHONES // PROCESSUS
    return [
        _lancer(
            environnement,
            "VOTER",
            salle["code"],
            json.dumps(salle["dites"]),
            *salle["cookies"][n * part : (n + 1) * part],
        )
        for n in range(PROCESSUS)
    ]


def test_trente_deux_telephones_votent_a_la_fois(ailleurs: dict[str, str]) -> None:
    salle = _attendre(_lancer(ailleurs, "PREPARER", str(TELEPHONES)))
    for resultat in [_attendre(o) for o in _votants(ailleurs, salle)]:
        assert resultat["statuts"] == [302]
    bilan = _attendre(_lancer(ailleurs, "BILAN"))
    assert bilan == {"participants": TELEPHONES, "points": [POINTS] * TELEPHONES}


def test_ce_que_le_compte_rendu_compte_est_ce_qui_reste_en_base(ailleurs: dict[str, str]) -> None:
    salle = _attendre(_lancer(ailleurs, "PREPARER", str(TELEPHONES)))
    votants = _votants(ailleurs, salle)
    clos = _attendre(_lancer(ailleurs, "CLORE"))
    for votant in votants:
        assert _attendre(votant)["statuts"] == [302]
    compte = re.search(r"(\d+) points? placé", clos["compte_rendu"])
    assert compte
    assert int(compte[1]) == sum(_attendre(_lancer(ailleurs, "BILAN"))["points"])
