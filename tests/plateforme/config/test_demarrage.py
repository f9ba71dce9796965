"""What the server loads before its first answer: its pages, not the libraries of a few gestures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .conftest import RACINE

LOURDES = (
    "PIL", "cryptography", "docx", "docxtpl", "highspy", "jinja2", "jsonschema", "lxml", "ninja", "polars",
    "pydantic", "pyhanko", "pypdfium2", "python_calamine", "segno", "snowballstemmer", "typst", "xlsxwriter",
    "zxingcpp",
)  # fmt: skip
"""Word, pictures, optimiser, schema, signature, workbooks…: loaded by the first who needs them."""
DEMARRER = """
import sys, django
django.setup()
from django.urls import get_resolver
from arpent.plateforme.config.wsgi import application
assert len(get_resolver().url_patterns) > 5
print(*(nom for nom in sys.argv[1:] if nom in sys.modules))
"""


def test_le_demarrage_ne_charge_que_ce_que_toutes_les_pages_demandent(tmp_path: Path) -> None:
    reglages = {
        "ARPENT_DONNEES": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings",
        "PYTHONPATH": str(RACINE / "src"),
    }
    lance = subprocess.run(
        [sys.executable, "-c", DEMARRER, *LOURDES, "yaml"],
        capture_output=True, text=True, check=True, timeout=120, env=os.environ | reglages,
    )  # fmt: skip
    assert lance.stdout.split() == ["yaml"], "Importez-les dans la fonction qui s’en sert."
