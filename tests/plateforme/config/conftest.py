"""The console: called in this process on the test database, or for real on the demonstration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from arpent.plateforme.config.commande import main

RACINE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Resultat:
    """What a command said and how it ended."""

    code: int
    sortie: str
    erreur: str

    @property
    def json(self) -> Any:
        return json.loads(self.sortie)

    def exiger_un_refus(self, *mots: str) -> None:
        """Exit code 2 and exactly one clear line, which holds `mots`, on standard error."""
        assert self.code == 2, self.sortie + self.erreur
        assert self.erreur.startswith("arpent : ")
        assert self.erreur.count("\n") == 1
        assert "Traceback" not in self.erreur + self.sortie
        for mot in mots:
            assert mot in self.erreur


Console = Callable[..., Resultat]


def _appeler(capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...]) -> Resultat:
    capsys.readouterr()
    try:
        code = main([str(a) for a in arguments])
    except SystemExit as fin:
        code = int(fin.code or 0)
    ecrit = capsys.readouterr()
    return Resultat(code, ecrit.out, ecrit.err)


@pytest.fixture
def arpent(db: None, capsys: pytest.CaptureFixture[str]) -> Console:
    """The command line in this process, on the test database."""
    return lambda *arguments: _appeler(capsys, arguments)


def console_sur(donnees: Path) -> Console:
    """The command line as a person types it: a process of its own, SQLite in `donnees`."""
    propre = {k: v for k, v in os.environ.items() if not k.startswith(("ARPENT_", "DATABASE_", "DJANGO_"))}
    propre |= {"ARPENT_DONNEES": str(donnees), "PYTHONPATH": str(RACINE / "src"), "PYTHONUTF8": "1"}

    def lancer(*arguments: object, **variables: str) -> Resultat:
        fini = subprocess.run(
            [sys.executable, "-m", "arpent", *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", timeout=480, check=False,
            env=propre | variables,
        )  # fmt: skip
        return Resultat(fini.returncode, fini.stdout, fini.stderr)

    return lancer


@pytest.fixture
def instance(tmp_path: Path) -> Console:
    """A real console on an instance where nothing was done yet."""
    return console_sur(tmp_path / "donnees")


@pytest.fixture(scope="session")
def repertoire_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`arpent demo --sans-serveur`, for real, once for the session."""
    donnees = tmp_path_factory.mktemp("demonstration")
    charge = console_sur(donnees)("demo", "--sans-serveur")
    assert charge.code == 0, charge.erreur
    assert "Démarches, constats, enjeux, plans d’actions…" in charge.sortie
    return donnees


@pytest.fixture
def demonstration(
    repertoire_demonstration: Path,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Console]:
    """The command line in this process (a process a command costs two seconds), on the demonstration."""
    settings.DONNEES = settings.ARPENT_DONNEES = repertoire_demonstration
    settings.ARPENT_CERTIFICATS = repertoire_demonstration / "certificats"
    adresse = dj_database_url.parse(f"sqlite:///{repertoire_demonstration / 'arpent.sqlite3'}")
    reglages = ConnectionHandler({"default": dict(adresse)}).settings["default"]
    habituelle = connections["default"]
    connections["default"] = SQLite(reglages, "default")
    try:
        with django_db_blocker.unblock():
            yield lambda *arguments: _appeler(capsys, arguments)
            connections["default"].close()
    finally:
        connections["default"] = habituelle
