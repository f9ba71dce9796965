"""How many requests a token makes in a minute, counted for all the processes of the server.

A small file shared in memory: one cell a token (its number modulo the number of cells), written under a lock.
Nothing of it is worth keeping: it may be erased at any time.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PAR_MINUTE = 600
FENETRE = 60
_CELLULES = 4_096
_FORME = struct.Struct("<QII")  # token, window, count


@dataclass(frozen=True, slots=True)
class Debit:
    """What is left in this window, and how many seconds it still lasts."""

    limite: int
    reste: int
    secondes: int
    depasse: bool


class Compteurs:
    """The file, opened once by process."""

    def __init__(self, fichier: Path) -> None:
        taille = _FORME.size * _CELLULES
        self._verrou = threading.Lock()
        self._descripteur = os.open(fichier, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._descripteur).st_size < taille:
            os.ftruncate(self._descripteur, taille)
        self._memoire = mmap.mmap(self._descripteur, taille)

    def compter(self, jeton: int, limite: int, maintenant: float) -> Debit:
        fenetre, place = int(maintenant // FENETRE), (jeton % _CELLULES) * _FORME.size
        with self._verrou:
            fcntl.lockf(self._descripteur, fcntl.LOCK_EX, _FORME.size, place)
            try:
                qui, quand, nombre = _FORME.unpack_from(self._memoire, place)
                nombre = nombre + 1 if (qui, quand) == (jeton, fenetre) else 1
                _FORME.pack_into(self._memoire, place, jeton, fenetre, min(nombre, limite + 1))
            finally:
                fcntl.lockf(self._descripteur, fcntl.LOCK_UN, _FORME.size, place)
        secondes = max(1, int((fenetre + 1) * FENETRE - maintenant + 0.999))
        return Debit(limite, max(0, limite - nombre), secondes, nombre > limite)


_ouverts: dict[Path, Compteurs] = {}


def compter(jeton: int) -> Debit:
    """One more request of that token."""
    fichier = Path(settings.ARPENT_DONNEES) / "debit-api"
    if fichier not in _ouverts:
        _ouverts[fichier] = Compteurs(fichier)
    return _ouverts[fichier].compter(jeton, PAR_MINUTE, time.time())
