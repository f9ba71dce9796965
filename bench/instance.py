"""A throw-away instance: its directory, its databases, and the child processes that fill it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

RACINE = Path(__file__).resolve().parents[1]
BASES = {"DATABASE_URL": "arpent_bench", "PLANCHER_URL": "arpent_bench_plancher"}


class BancEnPanne(RuntimeError):
    """A child process failed; the message is its last lines."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Where the bench writes. `environ` is what each child process receives."""

    dossier: Path
    moteur: str
    environ: dict[str, str]

    def run(self, module: str, *arguments: str) -> str:
        """Runs `python -m module`; its output. BancEnPanne when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=RACINE,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise BancEnPanne(
                f"{module} {' '.join(arguments)} : {done.stderr[-3000:] or done.stdout[-3000:]}"
            )
        return done.stdout

    def json(self, module: str, *arguments: str) -> Any:
        """The last line printed, read as JSON."""
        return json.loads(self.run(module, *arguments).strip().splitlines()[-1])


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _administer(url: str, *orders: str) -> None:
    import psycopg

    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as connection:
        for order in orders:
            connection.execute(order)


@contextmanager
def instance() -> Iterator[Instance]:
    """An empty instance, erased when the bench ends. PostgreSQL when DATABASE_URL says so, else SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    postgresql = url.startswith(("postgres:", "postgresql:"))
    drops = [f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in BASES.values()]
    with tempfile.TemporaryDirectory(prefix="arpent-bench-") as dossier:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("ARPENT_") and k not in BASES}
        environ |= {"ARPENT_DONNEES": dossier, "DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings"}
        environ["PYTHONPATH"] = f"{RACINE / 'src'}:{RACINE}"
        if postgresql:
            environ |= {variable: _with_name(url, name) for variable, name in BASES.items()}
            _administer(url, *drops, *(f'CREATE DATABASE "{name}"' for name in BASES.values()))
        try:
            yield Instance(Path(dossier), "PostgreSQL" if postgresql else "SQLite", environ)
        finally:
            if postgresql:
                _administer(url, *drops)
