"""The tables of a database at the state of its own migrations, read and filled without keeping the rows.

The models are those of the migrations that the database has received: a backup made before an upgrade is
restored as it was, then brought up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from . import SauvegardeRefusee
from .lignes import Empreinte, Lire, en_ligne, lecteur_de

Modele = type[models.Model]
Noeud = tuple[str, str]
LOT = 2_000


def migrations_recues() -> list[Noeud]:
    """What the database says it has received, sorted. Empty: it was never prepared."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def pointes(noeuds: Iterable[Noeud], chargeur: MigrationLoader) -> list[Noeud]:
    """The latest of those migrations. SauvegardeRefusee: one of them is not in this version of Arpent."""
    recus = set(noeuds)
    if inconnues := recus - chargeur.disk_migrations.keys():
        app, nom = sorted(inconnues)[0]
        raise SauvegardeRefusee(
            f"La base vient d’une version d’Arpent plus récente que celle-ci (migration {app}.{nom}). "
            "Installez la même version, ou une plus récente, puis recommencez."
        )
    return sorted(n for n in recus if not any(e.key in recus for e in chargeur.graph.node_map[n].children))


def modeles(noeuds: Iterable[Noeud]) -> dict[str, Modele]:
    """Table → model, many-to-many tables included, as those migrations left them; sorted by table."""
    return _modeles(frozenset(noeuds))


@lru_cache(maxsize=2)
def _modeles(noeuds: frozenset[Noeud]) -> dict[str, Modele]:
    chargeur = MigrationLoader(None, ignore_no_migrations=True)
    etat = chargeur.project_state(pointes(noeuds, chargeur))
    trouves: dict[str, Modele] = {
        m._meta.db_table: m
        for m in etat.apps.get_models(include_auto_created=True)
        if m._meta.managed and not m._meta.proxy
    }
    trouves[MigrationRecorder.Migration._meta.db_table] = MigrationRecorder.Migration
    return dict(sorted(trouves.items()))


def colonnes(modele: Modele) -> list[str]:
    return [str(champ.column) for champ in modele._meta.concrete_fields]


def lire(modele: Modele) -> Iterator[bytes]:
    """The lines of a table. One query; the rows are fetched by lots."""
    noms = [champ.attname for champ in modele._meta.concrete_fields]
    for valeurs in modele._base_manager.order_by("pk").values_list(*noms).iterator(chunk_size=LOT):
        yield en_ligne(valeurs)


def empreinte_de(modele: Modele) -> Empreinte:
    """The fingerprint of the table as the database holds it now."""
    empreinte = Empreinte()
    for ligne in lire(modele):
        empreinte.ajouter(ligne)
    return empreinte


def vider(tous: Iterable[Modele]) -> None:
    """Takes away what migrations wrote by themselves; a table that refuses it holds nothing yet."""
    with connection.cursor() as curseur, transaction.atomic():
        for modele in tous:
            curseur.execute(f"DELETE FROM {connection.ops.quote_name(modele._meta.db_table)}")


def remplir(modele: Modele, lignes: Iterable[bytes]) -> None:
    """Inserts the lines. COPY on PostgreSQL, lots on SQLite; inside the caller's transaction."""
    champs = list(modele._meta.concrete_fields)
    lecteurs = [lecteur_de(champ) for champ in champs]
    rangees = (_rangee(json.loads(ligne), champs, lecteurs) for ligne in lignes)
    noms = ", ".join(connection.ops.quote_name(str(champ.column)) for champ in champs)
    table = connection.ops.quote_name(modele._meta.db_table)
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            with curseur.copy(f"COPY {table} ({noms}) FROM STDIN") as copie:
                for rangee in rangees:
                    copie.write_row(rangee)
            return
        marques = ", ".join(["%s"] * len(champs))
        ordre = f"INSERT INTO {table} ({noms}) VALUES ({marques})"
        lot: list[list[Any]] = []
        for rangee in rangees:
            lot.append(rangee)
            if len(lot) == LOT:
                curseur.executemany(ordre, lot)
                lot.clear()
        if lot:
            curseur.executemany(ordre, lot)


def _rangee(
    valeurs: list[Any], champs: list[models.Field[Any, Any]], lecteurs: list[Lire | None]
) -> list[Any]:
    return [
        champ.get_db_prep_save(lecteur(v) if lecteur and v is not None else v, connection)
        for v, champ, lecteur in zip(valeurs, champs, lecteurs, strict=True)
    ]


def compteurs(tous: dict[str, Modele]) -> dict[str, int]:
    """Table → last identifier given, so that a removed row's is never given again."""
    trouves: dict[str, int] = {}
    with connection.cursor() as curseur:
        for table, colonne in _numerotees(tous):
            if connection.vendor == "postgresql":
                curseur.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', colonne])
                curseur.execute(f"SELECT last_value, is_called FROM {curseur.fetchone()[0]}")
                dernier, appele = curseur.fetchone()
                trouves[table] = dernier if appele else 0
            else:
                curseur.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
                rangee = curseur.fetchone()
                trouves[table] = rangee[0] if rangee else 0
    return trouves


def poser_les_compteurs(tous: dict[str, Modele], derniers: dict[str, int]) -> None:
    """The next row of each table takes the identifier it would have taken where the backup was made."""
    with connection.cursor() as curseur:
        for table, colonne in _numerotees(tous):
            dernier = int(derniers.get(table, 0))
            if dernier and connection.vendor == "postgresql":
                curseur.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', colonne])
                curseur.execute("SELECT setval(%s, %s, true)", [curseur.fetchone()[0], dernier])
            elif dernier:
                curseur.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                curseur.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, dernier])


def _numerotees(tous: dict[str, Modele]) -> Iterator[tuple[str, str]]:
    for table, modele in tous.items():
        cle = modele._meta.auto_field
        if cle is not None:
            yield table, str(cle.column)
