"""A connection to PostgreSQL that does not wait for ever on a server that has stopped speaking.

Dropped packets are found out by TCP (`tcp_user_timeout`, keepalives: `settings`). A server that is frozen
still acknowledges them: only we can tell that it no longer answers. A statement ends by itself on the server
after `statement_timeout`; a little later, silence means that nobody is there.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.errors import OperationalError, _WaitTimeout

MARGE = 2.0
"""Seconds left to a server that ends a statement, to say so."""
SIGNE_DE_VIE = 1.0
"""Seconds for the empty query by which the pool knows that a connection is alive."""


class ConnexionBornee(psycopg.Connection[Any]):
    """OperationalError, and the connection is closed, when no answer comes in `reponse_sous` seconds."""

    reponse_sous = 7.0

    def execute(self, query: Any, *args: Any, **options: Any) -> psycopg.Cursor[Any]:
        if query != "":
            return super().execute(query, *args, **options)
        habituelle, self.reponse_sous = self.reponse_sous, SIGNE_DE_VIE
        try:
            return super().execute(query, *args, **options)
        finally:
            self.reponse_sous = habituelle

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.reponse_sous if timeout is None else timeout)
        except _WaitTimeout:
            self.pgconn.finish()  # closing politely would wait for the same silence
            raise OperationalError("the server no longer answers") from None
