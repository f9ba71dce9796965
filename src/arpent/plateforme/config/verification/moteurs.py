"""The database itself: its own check, its references, and the triggers that protect what never changes."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from .controle import Releve

GARDES = {
    "sqlite": (
        "journal_pas_de_update", "journal_pas_de_delete", "sceau_pas_de_update", "sceau_pas_de_delete",
        "emplacement_update", "emplacement_delete", "circuit_update",
    ),
    "postgresql": (
        "journal_lignes", "journal_table", "sceau_pas_de_update", "sceau_pas_de_delete", "sceau_table",
        "emplacement_fige", "circuit_fige",
    ),
}  # fmt: skip
"""The triggers that refuse to change the journal, its seals and a signature collected."""


def base(releve: Releve) -> Iterator[str]:
    releve.nombre = len(connection.introspection.table_names())
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    with connection.cursor() as curseur:
        for (dit,) in curseur.execute("PRAGMA integrity_check").fetchall():
            if dit != "ok":
                yield f"Le fichier de la base est abîmé : {dit}."
        for table, rang, cible, _ in curseur.execute("PRAGMA foreign_key_check").fetchall():
            yield f"{table}, ligne {rang} : ce qu’elle désigne dans {cible} n’existe pas."


def _postgresql() -> Iterator[str]:
    """Constraints or indexes that the engine itself no longer trusts, then every reference one by one."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated "
            "AND connamespace = current_schema()::regnamespace"
        )
        for table, nom in curseur.fetchall():
            yield f"{table} : la contrainte {nom} n’a pas été vérifiée."
        curseur.execute(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace"
        )
        for (nom,) in curseur.fetchall():
            yield f"L’index {nom} n’est pas valide : REINDEX INDEX {nom};"
    for modele in apps.get_models(include_auto_created=True):
        for champ in modele._meta.concrete_fields:
            if isinstance(champ, models.ForeignKey) and (perdues := _perdues(modele, champ)):
                yield f"{modele._meta.db_table} : {perdues} {champ.column} désignent ce qui n’existe pas."


def _perdues(modele: type[models.Model], champ: models.ForeignKey[models.Model, models.Model]) -> int:
    nom, cible = connection.ops.quote_name, champ.target_field
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT count(*) FROM {nom(modele._meta.db_table)} a "
            f"WHERE a.{nom(str(champ.column))} IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {nom(cible.model._meta.db_table)} b "
            f"WHERE b.{nom(str(cible.column))} = a.{nom(str(champ.column))})"
        )
        return int(curseur.fetchone()[0])


def declencheurs(releve: Releve) -> Iterator[str]:
    """A trigger taken away or put to sleep leaves what it protected without protection."""
    attendus = GARDES[connection.vendor]
    releve.nombre = len(attendus)
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            curseur.execute(
                "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT tgisinternal AND tgenabled <> 'D' "
                "AND c.relnamespace = current_schema()::regnamespace"
            )
        presents = {nom for (nom,) in curseur.fetchall()}
    for nom in attendus:
        if nom not in presents:
            yield f"La protection {nom} a été retirée de la base : restaurez une sauvegarde."
