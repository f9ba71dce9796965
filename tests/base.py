"""The SQLite database of the tests: migrated once, then copied by each process.

Migrating costs a process more than most directories of tests. The migrated file is kept under the fingerprint
of the migrations, so that a change of one of them makes another.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django import get_version
from django.apps import apps
from django.db import connection

from arpent.plateforme.socle import base_neuve


def empreinte() -> str:
    """What the migrated file depends on."""
    somme = hashlib.sha256(f"{get_version()} {sqlite3.sqlite_version}".encode())
    somme.update(Path(base_neuve.__file__).read_bytes())
    for application in sorted(apps.get_app_configs(), key=lambda a: a.name):
        for fichier in sorted(Path(application.path, "migrations").glob("*.py")):
            somme.update(f"{application.name}/{fichier.name}".encode() + fichier.read_bytes())
    return somme.hexdigest()


def fichier_migre(dossier: Path) -> Path:
    """The migrated file, made by the first process that asks; the others wait for it."""
    migre = dossier / f"{empreinte()}.sqlite3"
    with (dossier / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not migre.exists():
            for ancien in dossier.glob("*.sqlite3*"):
                ancien.unlink()
            chantier = dossier / "chantier.sqlite3"
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"],
                env={**os.environ, "DATABASE_URL": f"sqlite:///{chantier}"}, check=True,
            )  # fmt: skip
            with closing(sqlite3.connect(chantier)) as base:  # a copy in memory cannot be in WAL mode
                base.execute("PRAGMA journal_mode=DELETE")
            chantier.rename(migre)
    return migre


@contextmanager
def base_migree(dossier: Path) -> Iterator[None]:
    """The test database of this process is there, migrated: what creates it has nothing left to do.

    A database in memory lives as long as one connection: this one.
    """
    if connection.vendor != "sqlite":
        yield
        return
    adresse = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with closing(sqlite3.connect(adresse, uri=True)) as memoire:
        with closing(sqlite3.connect(fichier_migre(dossier))) as modele:
            modele.backup(memoire)
        yield
