"""One account at a time."""

from __future__ import annotations

import hashlib

from django.db import connection


def verrouiller(compte: str) -> None:
    """Tries of one account come one after the other (on SQLite, whoever writes is already alone)."""
    if connection.vendor == "postgresql":
        numero = int.from_bytes(hashlib.sha256(compte.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [numero])
