"""Where a database and the files of an instance are: another place opened, the new one put in its stead."""

from __future__ import annotations

import contextlib
import copy
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from . import SauvegardeRefusee

CHANTIER = ".restauration"
AVANT = "avant-restauration-"
SCHEMA = "arpent_restauration"
_BASE_EMBARQUEE = "arpent.sqlite3"


def est_passager(relatif: Path) -> bool:
    """Whether this file of the data folder is not to be kept: the database itself, its key (kept apart),
    what was put aside by a restoration, what is being written."""
    premier = relatif.parts[0]
    return (
        premier.startswith((_BASE_EMBARQUEE, AVANT, "fichiers"))
        or premier == "cle-secrete"
        or any(partie.startswith(".") for partie in relatif.parts)
    )


@contextlib.contextmanager
def base(reglages: dict[str, Any]) -> Iterator[None]:
    """The default database is this one, for this thread, meanwhile: migrations and models follow it.

    Inside, reading is one transaction where the settings ask for a frozen picture.
    """
    habituelle, anciens = connections["default"], connections.settings["default"]
    connections.settings["default"] = reglages
    connections["default"] = connections.create_connection("default")
    try:
        if reglages.get("FIGEE"):
            with transaction.atomic(), connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
        else:
            yield
    finally:
        connections["default"].close()
        connections.settings["default"] = anciens
        connections["default"] = habituelle


def _reglages() -> dict[str, Any]:
    reglages: dict[str, Any] = copy.deepcopy(connections.settings["default"])
    reglages["CONN_MAX_AGE"] = None
    reglages["OPTIONS"].pop("pool", None)
    return reglages


def reglages_de_lecture(fichier: str = "") -> dict[str, Any]:
    """Settings to read a picture: a SQLite file, or one frozen transaction of PostgreSQL."""
    reglages = _reglages()
    if fichier:
        return reglages | {"NAME": fichier}
    _options_postgresql(reglages, "-c statement_timeout=0")
    return reglages | {"FIGEE": True}


def _options_postgresql(reglages: dict[str, Any], suite: str) -> None:
    options = reglages["OPTIONS"].get("options", "")
    reglages["OPTIONS"] = reglages["OPTIONS"] | {"options": f"{options} {suite}".strip()}


def reglages_du_chantier(dossier: Path) -> dict[str, Any]:
    """Settings of the place where a restoration is built: a file aside, or a schema aside."""
    reglages = _reglages()
    if connection.vendor == "sqlite":
        return reglages | {"NAME": str(dossier / _BASE_EMBARQUEE)}
    _options_postgresql(reglages, f"-c statement_timeout=0 -c search_path={SCHEMA}")
    return reglages


def ouvrir_le_chantier() -> None:
    """PostgreSQL: the schema aside, empty. A former attempt that was cut is taken away."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as curseur:
        curseur.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        if not curseur.fetchone()[0]:
            raise SauvegardeRefusee(
                "Le compte de la base ne peut pas y créer de schéma. Demandez à son administrateur : "
                "ALTER DATABASE … OWNER TO … ; puis recommencez."
            )
        curseur.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        curseur.execute(f"CREATE SCHEMA {SCHEMA}")


def fermer_le_chantier() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def est_occupee() -> bool:
    """Whether somebody else holds the database: an application that still runs."""
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return bool(curseur.fetchone()[0])
    fichier = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    if not fichier.exists():
        return False
    with contextlib.closing(sqlite3.connect(fichier, timeout=0.5)) as seule:
        try:  # leaving the WAL mode asks to be alone, and brings everything back into the one file
            return bool(seule.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete")
        except sqlite3.OperationalError:
            return True


def tables_remplies() -> list[str]:
    """The tables of the present place that hold rows, but for those that Django fills by itself."""
    ordinaires = {"django_migrations", "django_content_type", "auth_permission"}
    with connection.cursor() as curseur:
        noms = [t.name for t in connection.introspection.get_table_list(curseur) if t.type == "t"]
        return [nom for nom in sorted(noms) if nom not in ordinaires and _a_une_ligne(curseur, nom)]


def _a_une_ligne(curseur: Any, table: str) -> bool:
    if "_fts" in table:
        return False
    curseur.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")
    return curseur.fetchone() is not None


def echanger_la_base(chantier: Path, ecartee: Path) -> str:
    """Puts the new database in place; where the former one now is. Empty: there was none."""
    if connection.vendor == "postgresql":
        return _echanger_les_schemas(ecartee.name.replace("-", "_"))
    fichier = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    ancienne = ""
    if fichier.exists():
        ecartee.mkdir(parents=True, exist_ok=True)
        ancienne = str(fichier.rename(ecartee / fichier.name))
        for suffixe in ("-wal", "-shm"):
            fichier.with_name(fichier.name + suffixe).unlink(missing_ok=True)
    (chantier / _BASE_EMBARQUEE).rename(fichier)
    return ancienne


def _echanger_les_schemas(ancien: str) -> str:
    """One transaction: a reader sees the former database or the new one."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT current_schema()")
        actuel = connection.ops.quote_name(curseur.fetchone()[0])
        curseur.execute("SET LOCAL lock_timeout = '5s'")
        curseur.execute(f"ALTER SCHEMA {actuel} RENAME TO {ancien}")
        curseur.execute(f"ALTER SCHEMA {SCHEMA} RENAME TO {actuel}")
        curseur.execute("SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace", [ancien])
        if curseur.fetchone()[0]:
            return f"le schéma {ancien}"
        curseur.execute(f"DROP SCHEMA {ancien}")
    return ""


def echanger_les_fichiers(chantier: Path, ecartee: Path) -> None:
    """Each folder or file of the new place takes the stead of the one of the same name, put aside."""
    donnees = Path(settings.ARPENT_DONNEES)
    for nouveau in sorted(chantier.iterdir()):
        place = Path(settings.ARPENT_CERTIFICATS) if nouveau.name == "certificats" else donnees / nouveau.name
        if place.exists():
            ecartee.mkdir(parents=True, exist_ok=True)
            place.rename(ecartee / nouveau.name)
        nouveau.rename(place)
