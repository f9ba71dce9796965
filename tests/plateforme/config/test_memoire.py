"""The memory of a worker comes back after large files."""

from __future__ import annotations

import ctypes
import json
import platform
import subprocess
import sys

import pytest

from arpent.plateforme.config import memoire

_ENFANT = """
import json, resource
from pathlib import Path
from arpent.plateforme.config.memoire import rendre_les_grands_blocs
rendu = rendre_les_grands_blocs()
def tenus():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024 ** 2
avant = tenus()
grand = b"x" * 31_000_000
del grand
grands, petits = [], []
for n in range(8):
    grands.append(bytes([n]) * 20_000_000)
    petits.append([bytes([n]) * 5_000 for _ in range(20)])
plein = tenus()
del grands
print(json.dumps({"rendu": rendu, "plein": plein - avant, "garde": tenus() - avant}))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc seulement")
def test_les_grands_blocs_sont_rendus_meme_entre_de_petits_qui_durent():
    sortie = subprocess.run([sys.executable, "-c", _ENFANT], capture_output=True, text=True, check=True)
    lu = json.loads(sortie.stdout)
    assert lu["rendu"] is True
    assert lu["plein"] > 140
    assert lu["garde"] < 20


def test_ailleurs_on_s_en_passe(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert memoire.rendre_les_grands_blocs() is False
