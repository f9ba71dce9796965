"""How the web processes reach PostgreSQL: nobody waits long, nothing runs long."""

from __future__ import annotations

from django.db import connections

ATTENTE = 1.0
"""Seconds that a request waits for a connection."""
FILS = 8
"""Connections of a worker, at most: twice its threads."""
REQUETE_WEB = 5_000
"""Milliseconds of one query; commands have ten minutes (`settings`)."""


def preparer_pour_le_web() -> None:
    """Called when the web application is loaded, before any connection. SQLite: nothing to do."""
    reglages = connections.settings["default"]
    if not reglages["ENGINE"].endswith("postgresql"):
        return
    connections.close_all()  # what the command opened does not belong to the pool
    from .connexion import MARGE, ConnexionBornee  # psycopg, where there is a PostgreSQL

    ConnexionBornee.reponse_sous = REQUETE_WEB / 1000 + MARGE
    reglages["CONN_MAX_AGE"] = 0  # the pool keeps them
    options = reglages["OPTIONS"]
    options["options"] += f" -c statement_timeout={REQUETE_WEB}"
    options["pool"] = {
        "min_size": 0,
        "max_size": FILS,
        "timeout": ATTENTE,
        "reconnect_timeout": ATTENTE,
        "connection_class": ConnexionBornee,
    }
