"""Bringing the database up to date while the service runs: a migration gives up rather than hold everybody.

A migration that waits for a lock makes every later reader wait behind it. On PostgreSQL it waits one second
at most, then leaves the place and tries again; each migration is one transaction, so nothing is half-done.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import OperationalError, connection

ATTENTE_VERROU = "1s"
ESSAIS = 30
PAUSE = 2.0
"""Seconds between two tries, so that those who were held back go on."""
_UN_SEUL = 4_227_002  # PostgreSQL advisory lock of the one who migrates
_TENU = "55P03"  # lock_not_available


class MigrationRefusee(Exception):
    """The database could not be brought up to date; French, says what to do."""


def _migrer() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def migrer(
    dire: Callable[[str], None] = lambda _: None,
    *,
    faire: Callable[[], None] = _migrer,
    essais: int = ESSAIS,
    pause: float = PAUSE,
) -> int:
    """Applies what is missing; how many tries it took. MigrationRefusee when the base stays held."""
    if connection.vendor != "postgresql":
        faire()
        return 1
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s)", [_UN_SEUL])
        if not curseur.fetchone()[0]:
            raise MigrationRefusee("Une autre mise à niveau est en cours : attendez sa fin.")
        curseur.execute("SET lock_timeout = %s", [ATTENTE_VERROU])
        curseur.execute("SET statement_timeout = 0")
    try:
        return _avec_patience(faire, dire, essais, pause)
    finally:
        with connection.cursor() as curseur:
            curseur.execute("RESET lock_timeout")
            curseur.execute("RESET statement_timeout")
            curseur.execute("SELECT pg_advisory_unlock(%s)", [_UN_SEUL])


def _avec_patience(faire: Callable[[], None], dire: Callable[[str], None], essais: int, pause: float) -> int:
    for essai in range(1, essais + 1):
        try:
            faire()
            return essai
        except OperationalError as erreur:
            if getattr(erreur.__cause__, "sqlstate", "") != _TENU:
                raise
        if essai < essais:
            dire("Une table est tenue par une autre opération : nouvel essai.")
            time.sleep(pause)
    raise MigrationRefusee(
        f"Une table est restée tenue par une autre opération ({essais} essais). Rien n’est à moitié fait : "
        "recommencez à une heure creuse, ou cherchez qui la tient dans pg_stat_activity."
    )
