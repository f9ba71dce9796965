"""Several processes write at once, on the database of the run: nothing is lost, nothing is done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.concurrence
RACINE = Path(__file__).resolve().parents[3]
ECRIVAINS, MODIFICATIONS, ENVOIS = 4, 25, 6


@pytest.fixture(scope="module")
def ailleurs(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Environment of a database of its own, on the engine under test, and what was prepared in it."""
    donnees = tmp_path_factory.mktemp("course")
    environnement = os.environ | {"ARPENT_DONNEES": str(donnees), "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("DROP DATABASE IF EXISTS arpent_course")
            cursor.execute("CREATE DATABASE arpent_course")
        adresse = os.environ["DATABASE_URL"]
        environnement["DATABASE_URL"] = adresse.rsplit("/", 1)[0] + "/arpent_course"
    yield environnement, _attendre(_lancer(environnement, "PREPARER"))
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("DROP DATABASE arpent_course")


def _lancer(environnement: dict[str, str], *arguments: str, module: str = "ouvrier") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.plateforme.concurrence.{module}", *arguments],
        cwd=RACINE, env=environnement, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _attendre(ouvrier: subprocess.Popen[str]) -> dict[str, Any]:
    sortie, erreurs = ouvrier.communicate(timeout=120)
    assert ouvrier.returncode == 0, erreurs
    resultat: dict[str, Any] = json.loads(sortie.strip().splitlines()[-1])
    return resultat


def test_aucune_modification_concurrente_n_est_perdue(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    environnement, _ = ailleurs
    ouvriers = [_lancer(environnement, "MODIFIER", str(MODIFICATIONS)) for _ in range(ECRIVAINS)]
    for ouvrier in ouvriers:
        _attendre(ouvrier)
    bilan = _attendre(_lancer(environnement, "BILAN"))
    assert bilan["priorite"] == ECRIVAINS * MODIFICATIONS
    assert bilan["version"] == ECRIVAINS * MODIFICATIONS + 1
    assert bilan["journal"]
    assert bilan["entrees"] >= ECRIVAINS * MODIFICATIONS


def test_une_fiche_ecrite_par_plusieurs_garde_chaque_euro(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    environnement, _ = ailleurs
    ouvriers = [_lancer(environnement, "REDIGER", str(MODIFICATIONS)) for _ in range(ECRIVAINS)]
    faites = sum(len(_attendre(ouvrier)["durees"]) for ouvrier in ouvriers)
    bilan = _attendre(_lancer(environnement, "BILAN"))
    assert faites == ECRIVAINS * MODIFICATIONS
    assert bilan["cout"] == f"{faites}.00"
    assert bilan["autofinancement"] == [f"{faites}.00"]
    assert bilan["version_fiche"] == faites + 1
    assert bilan["journal"]


def test_une_ligne_de_la_maquette_garde_chaque_case_de_chacun(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    """Two people add to the amount while two others add to the priority of the same line."""
    environnement, _ = ailleurs
    cases = [(case, pas) for case in ("montant", "priorite") for pas in (1, 100)]
    ouvriers = [_lancer(environnement, "ARBITRER", case, str(pas)) for case, pas in cases]
    for ouvrier in ouvriers:
        _attendre(ouvrier)
    bilan = _attendre(_lancer(environnement, "BILAN"))
    montant, priorite, version, revision = bilan["ligne"]
    assert montant == f"{101 * MODIFICATIONS}.00"
    assert priorite == 101 * MODIFICATIONS
    assert version == revision == 4 * MODIFICATIONS + 1
    assert bilan["journal"]


def test_un_formulaire_envoye_six_fois_n_a_qu_un_effet(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    environnement, prepare = ailleurs
    environnement = environnement | {"ARPENT_SEANCE": prepare["seance"]}
    reponses = [_attendre(o) for o in [_lancer(environnement, "ENVOYER", "jeton") for _ in range(ENVOIS)]]
    assert {r["code"] for r in reponses} == {302}
    assert len({r["vers"] for r in reponses}) == 1
    assert _attendre(_lancer(environnement, "BILAN"))["envois"] == 1


def test_des_engagements_simultanes_tiennent_dans_l_enveloppe(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    """Sixteen processes ask at once for a place among ten, three times; the whole count is in the bench."""
    environnement, _ = ailleurs
    rendu = _attendre(_lancer(environnement, "COURIR", "16", "3", module="plafonds"))
    assert rendu["engagements_par_enveloppe"] == [10]
    assert (rendu["acceptees"], rendu["refusees"]) == (30, 18)
    assert (rendu["plafonds_passes"], rendu["reste"]) == (0, ["0.01"])
    assert rendu["journal"]


def test_des_accords_simultanes_tiennent_dans_la_reserve(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    """Twelve processes grant at once, each for its own territory; the reserve has room for five."""
    environnement, _ = ailleurs
    rendu = _attendre(_lancer(environnement, "COURIR", "12", module="reserves"))
    assert (rendu["accordees"], rendu["refusees"], rendu["en_base"]) == (5, 7, 5)
    assert (rendu["reserve"], rendu["reste"]) == ("6172.80", "0.01")
    assert rendu["journal"]


def test_seize_signatures_simultanees_n_en_donnent_qu_une(
    ailleurs: tuple[dict[str, str], dict[str, Any]],
) -> None:
    """Sixteen processes sign the same place at once, twice."""
    environnement, _ = ailleurs
    rendu = _attendre(_lancer(environnement, "COURIR", "16", "2", module="signatures"))
    assert (rendu["signees"], rendu["refusees"], rendu["au_journal"]) == (2, 30, 2)
    assert (rendu["signatures_par_fichier"], rendu["intacts"]) == ([1], 2)
    assert rendu["fichiers_orphelins"] == 0
    assert rendu["journal"]
