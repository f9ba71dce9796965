"""Processes killed while they sign and while they issue: nothing acknowledged is lost, nothing half-done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from .test_ecritures import RACINE, _attendre, _lancer

pytestmark = pytest.mark.concurrence


@pytest.mark.parametrize("genre", ["signer", "generer"])
def test_un_arret_ne_laisse_rien_a_moitie(tmp_path: Path, genre: str) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("the processes use an embedded base of their own")
    environnement = os.environ | {"ARPENT_DONNEES": str(tmp_path), "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}
    mesure = _attendre(_lancer(environnement, "COURIR", genre, "8", module="arrets"))
    assert mesure["acquittees"] > 0
    assert mesure["fautes"] == []
    assert mesure["fichiers_manquants"] == mesure["fichiers_sans_ligne_une_fois_range"] == 0
    assert mesure["journal"]
