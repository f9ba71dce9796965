"""Processes killed at work, in the round, in the web: nothing accepted is lost, half-done or done twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection

from tests.base import fichier_migre

from .test_ecritures import RACINE, _attendre, _lancer

pytestmark = pytest.mark.concurrence


@pytest.mark.parametrize(
    ("genre", "arrets"), [("signer", 8), ("generer", 8), ("tourner", 30), ("payer", 30), ("envoyer", 30)]
)
def test_un_arret_ne_laisse_rien_a_moitie(
    tmp_path: Path, genre: str, arrets: int, pytestconfig: pytest.Config
) -> None:
    """Seconds for each kind: thirty kills at random, each of a new process."""
    if connection.vendor == "postgresql":
        pytest.skip("the processes use an embedded base of their own")
    assert pytestconfig.cache is not None
    shutil.copy(fichier_migre(pytestconfig.cache.mkdir("base")), tmp_path / "arpent.sqlite3")
    environnement = os.environ | {"ARPENT_DONNEES": str(tmp_path), "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}
    mesure = _attendre(_lancer(environnement, "COURIR", genre, str(arrets), module="arrets"))
    assert mesure["acquittees"] > 0
    assert mesure["fautes"] == []
    assert mesure["fichiers_manquants"] == mesure["fichiers_sans_ligne_une_fois_range"] == 0
    assert mesure["journal"]
    if genre == "envoyer":  # else the kills fell nowhere of interest
        assert mesure["faits_sans_reponse"] > 0
