"""A whole instance of its own: the demonstration loaded in a directory, served on a free port."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src"
ATTENTE = 120.0
# What the tests' own settings put in the environment and that this instance must not inherit.
A_OUBLIER = (
    "ARPENT_CLE",
    "ARPENT_DEMO",
    "ARPENT_HTTPS",
    "ARPENT_HOTES",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
)


def environnement_de(repertoire: Path) -> dict[str, str]:
    gardees = {cle: valeur for cle, valeur in os.environ.items() if cle not in A_OUBLIER}
    return gardees | {"ARPENT_DONNEES": str(repertoire), "PYTHONPATH": str(SOURCES)}


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _attendre(port: int, serveur: subprocess.Popen[bytes]) -> None:
    limite = time.monotonic() + ATTENTE
    while time.monotonic() < limite:
        if serveur.poll() is not None:
            raise RuntimeError(f"The server stopped with code {serveur.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server does not answer on port {port} after {ATTENTE:.0f} s.")


def charger_une_fois(commun: Path, repertoire: Path) -> None:
    """A copy in `repertoire` of the demonstration loaded in `commun` by the first process that comes."""
    commun.mkdir(parents=True, exist_ok=True)
    with (commun / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not (commun / "chargee").exists():
            subprocess.run(
                [sys.executable, "-m", "arpent", "demo", "--sans-serveur"],
                env=environnement_de(commun / "donnees"), stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            (commun / "chargee").touch()
    shutil.copytree(commun / "donnees", repertoire, dirs_exist_ok=True)


@contextmanager
def instance_de_demonstration(repertoire: Path) -> Iterator[str]:
    """Yields the root address. One process loads the demonstration, then serves it: what `make demo` runs.

    A directory that already holds the demonstration is used as it is.
    """
    repertoire.mkdir(parents=True, exist_ok=True)
    environnement = environnement_de(repertoire)
    port = _port_libre()
    with (repertoire / "serveur.log").open("wb") as sortie:
        serveur = subprocess.Popen(
            [sys.executable, "-m", "arpent", "demo", "--port", str(port)],
            env=environnement,
            stdout=sortie,
            stderr=sortie,
        )
        try:
            _attendre(port, serveur)
            yield f"http://127.0.0.1:{port}"
        finally:
            serveur.terminate()
            serveur.wait(timeout=20)
