"""Avenants put in force at once by several processes: one order, no movement lost, none done twice."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from .test_ecritures import RACINE, _attendre, _lancer

pytestmark = pytest.mark.concurrence


def _lancer_avenants(environnement: dict[str, str], *arguments: str) -> Any:
    return _lancer(environnement, *arguments, module="ouvrier_avenants")


def test_des_avenants_en_course_entrent_tous_sans_rien_perdre(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("the processes share an embedded base of their own")
    environnement = os.environ | {
        "ARPENT_DONNEES": str(tmp_path),
        "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}",
    }
    prepares = _attendre(_lancer_avenants(environnement, "PREPARER"))["avenants"]
    depart = str(time.time() + 6)
    # each one twice: whoever comes second is refused
    courses = [_lancer_avenants(environnement, "VIGUEUR", str(pk), depart) for pk in prepares * 2]
    faits = [_attendre(c)["fait"] for c in courses]
    bilan = _attendre(_lancer_avenants(environnement, "BILAN"))
    assert sum(faits) == len(prepares)
    assert bilan["appliques"] == bilan["entrees"] == len(prepares)
    assert bilan["contrat"] == [f"{10_000 + n}.00" for n in range(1, len(prepares) + 1)]
    assert bilan["votes"] == bilan["contrat"]
    assert bilan["journal"]
