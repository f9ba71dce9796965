"""The seals of the days. A seal never changes, but for the token of a third party, added once."""

from typing import Any

from django.db import migrations, models

from arpent.plateforme.socle.base_neuve import DES_TABLES

FIGES = ("jour", "premiere", "derniere", "derniere_empreinte", "racine_precedente", "racine")
_CHANGE = " OR ".join(f"NEW.{nom} <> OLD.{nom}" for nom in FIGES)
_REFUS = "Un sceau du journal ne se modifie pas."
SQLITE = [
    "CREATE TRIGGER sceau_pas_de_update BEFORE UPDATE ON journal_sceau "
    f"WHEN length(OLD.jeton) > 0 OR {_CHANGE} BEGIN SELECT RAISE(ABORT, '{_REFUS}'); END",
    "CREATE TRIGGER sceau_pas_de_delete BEFORE DELETE ON journal_sceau "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUS}'); END",
]
SQLITE_INVERSE = ["DROP TRIGGER sceau_pas_de_update", "DROP TRIGGER sceau_pas_de_delete"]
POSTGRESQL = [
    "CREATE FUNCTION journal_sceau_fige() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUS}'; END $$",
    "CREATE TRIGGER sceau_pas_de_update BEFORE UPDATE ON journal_sceau FOR EACH ROW "
    f"WHEN (length(OLD.jeton) > 0 OR {_CHANGE}) EXECUTE FUNCTION journal_sceau_fige()",
    "CREATE TRIGGER sceau_pas_de_delete BEFORE DELETE ON journal_sceau FOR EACH ROW "
    "EXECUTE FUNCTION journal_sceau_fige()",
    "CREATE TRIGGER sceau_table BEFORE TRUNCATE ON journal_sceau "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_sceau_fige()",
]
POSTGRESQL_INVERSE = [
    "DROP TRIGGER sceau_table ON journal_sceau",
    "DROP TRIGGER sceau_pas_de_delete ON journal_sceau",
    "DROP TRIGGER sceau_pas_de_update ON journal_sceau",
    "DROP FUNCTION journal_sceau_fige()",
]


def _run(schema_editor: Any, sqlite: list[str], postgresql: list[str]) -> None:
    for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
        schema_editor.execute(statement)


def poser(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE, POSTGRESQL)


def retirer(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, SQLITE_INVERSE, POSTGRESQL_INVERSE)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_ajout_seul")]
    operations = [
        migrations.CreateModel(
            name="Sceau",
            fields=[
                ("jour", models.DateField(primary_key=True, serialize=False)),
                ("premiere", models.PositiveBigIntegerField()),
                ("derniere", models.PositiveBigIntegerField()),
                ("derniere_empreinte", models.CharField(max_length=64)),
                ("racine_precedente", models.CharField(max_length=64)),
                ("racine", models.CharField(max_length=64)),
                ("jeton", models.BinaryField(default=bytes)),
            ],
            options={
                "verbose_name": "sceau du journal",
                "verbose_name_plural": "sceaux du journal",
                "ordering": ["jour"],
            },
        ),
        migrations.RunPython(poser, retirer, hints=DES_TABLES),
    ]
