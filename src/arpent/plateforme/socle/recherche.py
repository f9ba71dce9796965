"""Text search without a domain word: one normalised column, searched alike by SQLite FTS5 and PostgreSQL.

A text is folded (NFKD, no accents, lower case, œ→oe, æ→ae), cut into words, each word stemmed by Snowball
(French). What is stored and what is asked go through the same function, so that both databases answer alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models.expressions import RawSQL

M = TypeVar("M", bound=models.Model)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})
_MOT = re.compile(r"[a-z0-9]+")
MOTS_MAX = 12


FENETRE = 40_000
"""Latest rows that a bounded search reads first on PostgreSQL."""


@lru_cache(maxsize=50_000)
def racine(mot: str) -> str:
    """The French stem of a folded word."""
    import snowballstemmer  # at the first search: it loads thirty languages, the start must not wait for them

    # A stemmer keeps its word in itself: one per call, or two threads would mix their words.
    return str(snowballstemmer.stemmer("french").stemWord(mot))


def plier(texte: str) -> str:
    """The text in lower case, without accents nor ligatures."""
    if texte.isascii():  # nothing to take apart: most cells of a plan
        return texte.lower()
    decompose = unicodedata.normalize("NFKD", texte.translate(_LIGATURES))
    return "".join(c for c in decompose if not unicodedata.combining(c)).lower()


def mots_plies(texte: str) -> list[str]:
    """The folded words of a text, not stemmed."""
    return _MOT.findall(plier(texte))


def normaliser(*textes: str) -> str:
    """The stems of the texts, separated by spaces: what the search column stores."""
    return " ".join(racine(mot) for mot in mots_plies(" ".join(textes)))


def mots_cherches(texte: str) -> list[str]:
    """The stems of a query, the first ones only: a pasted page is not a query."""
    return [racine(mot) for mot in mots_plies(texte)[:MOTS_MAX]]


def _requete(mots: list[str], *, postgresql: bool) -> str:
    """All the words; the last one may be the beginning of a word, as one types it."""
    *debut, dernier = mots
    prefixe = len(dernier) >= 3
    if postgresql:
        return " & ".join([*debut, f"{dernier}:*" if prefixe else dernier])
    return " ".join([*(f'"{mot}"' for mot in debut), f'"{dernier}"{"*" if prefixe else ""}'])


def chercher(
    queryset: models.QuerySet[M], texte: str, colonne: str = "texte_recherche", *, limite: int | None = None
) -> models.QuerySet[M]:
    """The rows whose search column holds every word of `texte`. No query by itself; empty text: all rows.

    With `limite`, only the latest rows that match are considered: the cost no longer grows with the table.
    """
    mots = mots_cherches(texte)
    if not mots:
        return queryset.none() if texte.strip() else queryset
    table = queryset.model._meta.db_table
    postgresql = connection.vendor == "postgresql"
    requete = _requete(mots, postgresql=postgresql)
    # Names come from the model; the words and the limit are parameters.
    if postgresql:
        condition = f"to_tsvector('simple', \"{table}\".\"{colonne}\") @@ to_tsquery('simple', %s)"
        if limite is None:
            return queryset.filter(RawSQL(condition, [requete], output_field=models.BooleanField()))
        parametres: list[str | int] = [requete, limite, requete, limite, limite]
        return queryset.filter(pk__in=RawSQL(_dernieres(table, condition), parametres))
    trouves = f'SELECT rowid FROM "{table}_fts" WHERE "{table}_fts" MATCH %s'
    if limite is None:
        return queryset.filter(pk__in=RawSQL(trouves, [requete]))
    return queryset.filter(pk__in=RawSQL(f"{trouves} ORDER BY rowid DESC LIMIT %s", [requete, limite]))


def _dernieres(table: str, condition: str) -> str:
    """PostgreSQL: the latest hits, looked for among the latest rows first.

    A common word has thousands of hits: its search index, crossed with the last identifiers, reads few of
    them. When the last rows do not hold enough hits the word is rare, and all of them are read. `id + 0`: or
    the planner walks the rows from the last one and reads each text, instead of the search index.
    """
    recents = (
        f'SELECT id FROM "{table}" WHERE {condition} '
        f'AND id > (SELECT max(id) FROM "{table}") - {FENETRE} ORDER BY id + 0 DESC LIMIT %s'
    )
    toutes = (
        f'SELECT id FROM "{table}" WHERE {condition} '
        "AND (SELECT count(*) FROM recents) < %s ORDER BY id + 0 DESC LIMIT %s"
    )
    return f"WITH recents AS MATERIALIZED ({recents}) SELECT id FROM recents UNION ALL ({toutes})"


class InstallerRecherche(Operation):
    """Migration operation: the FTS5 table and its triggers, or the GIN index. Repeat it after a migration
    that rebuilds the table on SQLite (Django drops its triggers then); repeating it is harmless."""

    reversible = True
    reduces_to_sql = False

    def __init__(self, table: str, colonne: str = "texte_recherche") -> None:
        self.table, self.colonne = table, colonne

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        for sql in self._postgresql() if postgresql else self._sqlite():
            schema_editor.execute(sql)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'DROP INDEX IF EXISTS "{self.table}_recherche"')
            return
        for sql in self._sqlite_drop():
            schema_editor.execute(sql)

    def describe(self) -> str:
        return f"Text search on {self.table}.{self.colonne}"

    def _postgresql(self) -> list[str]:
        return [
            f'CREATE INDEX IF NOT EXISTS "{self.table}_recherche" ON "{self.table}" '
            f"USING gin (to_tsvector('simple', \"{self.colonne}\"))"
        ]

    def _sqlite_drop(self) -> list[str]:
        triggers = [f'DROP TRIGGER IF EXISTS "{self.table}_fts_{suffix}"' for suffix in ("ai", "ad", "au")]
        return [*triggers, f'DROP TABLE IF EXISTS "{self.table}_fts"']

    def _sqlite(self) -> list[str]:
        t, c, f = self.table, self.colonne, f"{self.table}_fts"
        add = f'INSERT INTO "{f}"(rowid, "{c}") VALUES (new.id, new."{c}");'
        remove = f'INSERT INTO "{f}"("{f}", rowid, "{c}") VALUES (\'delete\', old.id, old."{c}");'
        return [
            *self._sqlite_drop(),
            f"CREATE VIRTUAL TABLE \"{f}\" USING fts5(\"{c}\", content='{t}', content_rowid='id', "
            "tokenize='unicode61 remove_diacritics 0', detail=none)",
            f'INSERT INTO "{f}"("{f}") VALUES (\'rebuild\')',
            f'CREATE TRIGGER "{f}_ai" AFTER INSERT ON "{t}" BEGIN {add} END',
            f'CREATE TRIGGER "{f}_ad" AFTER DELETE ON "{t}" BEGIN {remove} END',
            f'CREATE TRIGGER "{f}_au" AFTER UPDATE OF "{c}" ON "{t}" BEGIN {remove} {add} END',
        ]
