"""An empty database receives its tables in their last form, as if every migration had been applied to it.

Django renders again, at each operation of a migration, all the models that it touches: with two hundred
models and five hundred operations, a database made from nothing waits half a minute for statements that take
two seconds. A test compares this way and the long one, on both engines: tables, indexes, triggers, rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunPython
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models import Model

DES_TABLES = {"base_neuve": True}
"""`hints` of a RunPython that writes what no model says (a trigger): it is run on a new database too.

The others move rows: a new database has none.
"""


def est_vide() -> bool:
    """None of Arpent's tables, none of its migrations received. Two queries at most."""
    tables = set(connection.introspection.table_names())
    if tables & {m._meta.db_table for m in _modeles()}:
        return False
    recues = MigrationRecorder(connection).applied_migrations() if tables else {}
    return not recues.keys() & {(m.app_label, m.name) for m in toutes() if _est_d_arpent(m)}


def _modeles() -> list[type[Model]]:
    return [
        m
        for m in apps.get_models()
        if m.__module__.startswith("arpent.") and m._meta.managed and not m._meta.proxy
    ]


def _est_d_arpent(objet: object) -> bool:
    return type(objet).__module__.startswith("arpent.")


def toutes() -> list[Migration]:
    """Every migration of this version, in the order in which they apply."""
    graphe = MigrationLoader(None, ignore_no_migrations=True).graph
    cles = dict.fromkeys(noeud for pointe in graphe.leaf_nodes() for noeud in graphe.forwards_plan(pointe))
    return [graphe.nodes[cle] for cle in cles]


def creer() -> None:
    """Tables, protections, migrations noted as received: one transaction. The database is empty.

    The tables of the libraries come first, by their own migrations: short, and safe to begin again.
    """
    siennes = [m for m in toutes() if _est_d_arpent(m)]
    executeur, etat = MigrationExecutor(connection), ProjectState()
    executeur.migrate(
        [n for n in executeur.loader.graph.leaf_nodes() if n[0] not in {m.app_label for m in siennes}]
    )
    registre = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editeur:
        for modele in _modeles():
            editeur.create_model(modele)
        for migration in siennes:
            for operation in _a_jouer(migration):
                if isinstance(operation, RunPython):
                    operation.code(apps, editeur)  # type: ignore[arg-type]
                else:
                    operation.database_forwards(migration.app_label, editeur, etat, etat)
        registre.migration_qs.bulk_create(
            registre.Migration(app=migration.app_label, name=migration.name) for migration in siennes
        )


def _a_jouer(migration: Migration) -> Iterator[Operation]:
    """What the models do not say: the protections, and the operations that are Arpent's own."""
    for operation in migration.operations:
        if _est_d_arpent(operation) or (isinstance(operation, RunPython) and operation.hints == DES_TABLES):
            yield operation
