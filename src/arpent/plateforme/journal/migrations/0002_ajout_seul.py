"""The journal only grows: UPDATE, DELETE and TRUNCATE are refused by the database itself."""

from typing import Any

from django.db import migrations

from arpent.plateforme.socle.base_neuve import DES_TABLES

SQLITE = [
    "CREATE TRIGGER journal_pas_de_update BEFORE UPDATE ON journal_entree "
    "BEGIN SELECT RAISE(ABORT, 'Le journal ne se modifie pas.'); END",
    "CREATE TRIGGER journal_pas_de_delete BEFORE DELETE ON journal_entree "
    "BEGIN SELECT RAISE(ABORT, 'Le journal ne se modifie pas.'); END",
]
SQLITE_INVERSE = ["DROP TRIGGER journal_pas_de_update", "DROP TRIGGER journal_pas_de_delete"]
POSTGRESQL = [
    "CREATE FUNCTION journal_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'Le journal ne se modifie pas.'; END $$",
    "CREATE TRIGGER journal_lignes BEFORE UPDATE OR DELETE ON journal_entree "
    "FOR EACH ROW EXECUTE FUNCTION journal_ajout_seul()",
    "CREATE TRIGGER journal_table BEFORE TRUNCATE ON journal_entree "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_ajout_seul()",
]
POSTGRESQL_INVERSE = [
    "DROP TRIGGER journal_table ON journal_entree",
    "DROP TRIGGER journal_lignes ON journal_entree",
    "DROP FUNCTION journal_ajout_seul()",
]


def _run(schema_editor: Any, sqlite: list[str], postgresql: list[str]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement)


def poser(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def retirer(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE_INVERSE, POSTGRESQL_INVERSE)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(poser, retirer, hints=DES_TABLES)]
