"""What the chapters share: a database of their own, worker processes, one JSON line a result."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
OUVRIER = "tests.plateforme.concurrence.ouvrier"


@contextlib.contextmanager
def base_neuve() -> Iterator[dict[str, str]]:
    """Environment of a throw-away data folder: SQLite, or the empty database that DATABASE_URL names."""
    with tempfile.TemporaryDirectory() as donnees:
        yield os.environ | {"ARPENT_DONNEES": donnees, "PYTHONPATH": f"{RACINE / 'src'}:{RACINE}"}


def lancer(environnement: dict[str, str], *arguments: str, module: str = OUVRIER) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=RACINE, env=environnement, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def lire(ouvrier: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON of its last line, once it has ended."""
    sortie, _ = ouvrier.communicate()
    if ouvrier.returncode:
        raise arret(f"Un processus s’est arrêté (code {ouvrier.returncode}).")
    lu: dict[str, Any] = json.loads(sortie.strip().splitlines()[-1])
    return lu


def dire(chapitre: str, mesure: dict[str, Any]) -> None:
    base = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    print(json.dumps({"chapitre": chapitre, "base": base} | mesure, ensure_ascii=False), flush=True)


def arret(message: str) -> SystemExit:
    """A broken line: said on the error output, code 1."""
    return SystemExit(message)
