"""A new database made at once is the one that every migration, applied in turn, would have made."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from arpent.plateforme.config.sauvegarde.places import base
from arpent.plateforme.socle import base_neuve
from tests.plateforme.exploitation.conftest import reglages_sqlite

_TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
}
_INDEX = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION "
    "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint UNION "
    "SELECT proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def photographier() -> dict[str, Any]:
    """Tables, columns (whatever their order), constraints, number of rows, indexes, triggers, functions."""
    lues: dict[str, Any] = {"migrations": set(MigrationRecorder(connection).applied_migrations())}
    with connection.cursor() as curseur:
        lire = connection.introspection
        for table in lire.table_names(curseur):
            if table in {"django_migrations", "sqlite_sequence"}:
                continue
            lues[table] = {
                (c.name, str(c.type_code), c.internal_size, c.precision, c.scale, c.null_ok, str(c.default))
                for c in lire.get_table_description(curseur, table)
            }
            lues[f"{table}, contraintes"] = sorted(
                repr((d["columns"], d["primary_key"], d["unique"], d["foreign_key"], d["check"], d["index"]))
                for d in lire.get_constraints(curseur, table).values()
            )
            curseur.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            lues[f"{table}, lignes"] = curseur.fetchone()[0]
        for quoi, ordres in (("triggers", _TRIGGERS), ("index", _INDEX)):
            curseur.execute(ordres[connection.vendor])
            lues[quoi] = set(curseur.fetchall())
    return lues


@pytest.fixture
def vides(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[list[dict[str, Any]]]:
    """Two empty databases, on the engine under test."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            yield [reglages_sqlite(tmp_path / f"{n}.sqlite3") for n in (1, 2)]
        return
    noms = [f"{connection.settings_dict['NAME']}_neuve_{n}" for n in (1, 2)]
    with django_db_blocker.unblock(), connection._nodb_cursor() as curseur:  # type: ignore[attr-defined]
        for nom in noms:
            curseur.execute(f"DROP DATABASE IF EXISTS {nom} WITH (FORCE)")
            curseur.execute(f"CREATE DATABASE {nom}")
        yield [copy.deepcopy(connections.settings["default"]) | {"NAME": nom} for nom in noms]
        for nom in noms:
            curseur.execute(f"DROP DATABASE {nom} WITH (FORCE)")


def test_une_base_neuve_est_celle_de_toutes_ses_migrations(
    vides: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a minute: this is what every new installation waited for."""
    with base(vides[0]):
        assert base_neuve.est_vide()
        call_command("migrate", verbosity=0)
        assert not base_neuve.est_vide()
        neuve = photographier()
    monkeypatch.setattr(base_neuve, "est_vide", lambda: False)
    with base(vides[1]):
        call_command("migrate", verbosity=0)
        migree = photographier()
    assert neuve.keys() == migree.keys()
    for quoi, lu in migree.items():
        assert neuve[quoi] == lu, quoi


def test_une_base_neuve_n_a_plus_rien_a_recevoir(vides: list[dict[str, Any]]) -> None:
    with base(vides[0]):
        call_command("migrate", verbosity=0)
        executeur = MigrationExecutor(connection)
        assert executeur.migration_plan(executeur.loader.graph.leaf_nodes()) == []


def test_une_creation_interrompue_ne_laisse_rien(
    vides: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tomber(_: object) -> Iterator[object]:
        raise RuntimeError("coupure")

    with base(vides[0]):
        with monkeypatch.context() as cassee:
            cassee.setattr(base_neuve, "_a_jouer", tomber)
            with pytest.raises(RuntimeError, match="coupure"):
                base_neuve.creer()
        assert base_neuve.est_vide()
        base_neuve.creer()
        assert not base_neuve.est_vide()


def test_une_migration_demandee_par_son_nom_passe_une_par_une(vides: list[dict[str, Any]]) -> None:
    with base(vides[0]):
        call_command("migrate", "socle", "0001", verbosity=0)
        assert set(MigrationRecorder(connection).applied_migrations()) == {("socle", "0001_initial")}
