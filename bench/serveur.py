"""The server as `arpent serve` starts it, how long until it answers, what its workers weigh."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .instance import RACINE, BancEnPanne, Instance

ATTENTE = 30.0


@dataclass(frozen=True, slots=True)
class Serveur:
    """A running server; `pret` is the time from its start to its first answer, in seconds.

    `cpu` is what the processor really worked meanwhile: on a busy machine the two part.
    """

    port: int
    pid: int
    pret: float
    cpu: float

    def pss(self) -> list[float]:
        """Memory of each worker in MB (proportional set size); the worker alone knows the application."""
        return [pss_de(pid) for pid in enfants_de(self.pid)]

    def travail(self) -> float:
        """Processor time of the workers since they were made, in seconds."""
        return sum(_cpu(pid) for pid in enfants_de(self.pid))


def enfants_de(pid: int) -> list[int]:
    return [int(x) for x in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pss_de(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu(pid: int) -> float:
    """Processor time of a process and of its finished children, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def _serve(instance: Instance, command: list[str], port: int, path: str) -> Iterator[Serveur]:
    log = instance.dossier / f"serveur-{port}.log"
    start = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=RACINE, env=instance.environ, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - start > ATTENTE:
                raise BancEnPanne(f"le serveur ne répond pas : {log.read_text()[-3000:]}")
            time.sleep(0.02)
        ready = time.perf_counter() - start
        workers = sum(_cpu(pid) for pid in enfants_de(process.pid))
        yield Serveur(port, process.pid, ready, _cpu(process.pid) + workers)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def arpent(instance: Instance, processus: int = 1) -> Iterator[Serveur]:
    """`arpent serve` itself."""
    port = _free_port()
    command = [sys.executable, "-m", "arpent", "serve", "--port", str(port), "--processus", str(processus)]
    with _serve(instance, command, port, "/connexion/") as serveur:
        yield serveur


@contextmanager
def plancher(instance: Instance, processus: int = 1) -> Iterator[Serveur]:
    """The floor under the same server, with the same settings."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "bench.plancher:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(processus), "--worker-class", "gthread", "--threads", "4", "--preload",
        "--log-level", "warning",
    ]  # fmt: skip
    with _serve(instance, command, port, "/") as serveur:
        yield serveur
