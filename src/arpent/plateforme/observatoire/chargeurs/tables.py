"""Text tables to typed columns, with polars: only ever called in the loader's own process."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from .base import FichierRefuse, Rapport
from .source import Entete, Source

SECRETS = frozenset({"s", "c", "S", "C", "secret"})
ABSENTS = frozenset({"", "nd", "ND", "ns", "n/a", "NA", "N/A", "NC", "nc", "-", "...", "…"})
LIGNE = "__ligne"
CODE_COMMUNE = re.compile(r"^(?:\d{2}|2[AB])\d{3}$")


def lire_csv(
    source: Source, entete: Entete, membre: str = "", colonnes: Sequence[str] | None = None
) -> pl.DataFrame:
    """All cells as texts, trimmed; `__ligne` is the line in the file. Short rows are completed with nulls.

    `colonnes` limits what is kept (unknown names are ignored).
    """
    octets = source.octets(membre)
    texte = octets.decode(entete.encodage, errors="replace")
    try:
        table = pl.read_csv(
            io.BytesIO(texte.encode()), separator=entete.separateur, infer_schema=False, truncate_ragged_lines=True,
            row_index_name=LIGNE, row_index_offset=2,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError) as erreur:
        raise FichierRefuse(
            f"Le fichier {source.nom} est mal formé (guillemet non refermé ou lignes inégales) : téléchargez-le à nouveau."
        ) from erreur
    table = table.rename({nom: nom.strip() for nom in table.columns})
    if colonnes is not None:
        table = table.select([LIGNE, *[c for c in colonnes if c in table.columns]])
    return table.with_columns(pl.col(pl.String).str.strip_chars())


@dataclass(frozen=True, slots=True)
class Nombres:
    """`valeurs`: Float64, null when missing; `secrets` and `illisibles`: which cells were so."""

    valeurs: pl.Series
    secrets: pl.Series
    illisibles: pl.Series


def en_nombres(
    serie: pl.Series, *, secrets: Collection[str] = SECRETS, absents: Collection[str] = ABSENTS
) -> Nombres:
    """Texts to numbers: comma or point decimals, thousands apart by spaces, « 15 084,00 € »."""
    brut = serie.cast(pl.String).fill_null("").str.strip_chars()
    secret = brut.is_in(list(secrets))
    vide = brut.is_in(list(absents))
    propre = brut.str.replace_all(r"[\s\u00a0\u202f€%]", "").str.replace(",", ".", literal=True)
    valeurs = propre.cast(pl.Float64, strict=False)
    valeurs = pl.select(
        pl.when(valeurs.is_finite() & ~secret & ~vide).then(valeurs).otherwise(None)
    ).to_series()
    illisibles = valeurs.is_null() & ~secret & ~vide
    return Nombres(valeurs.alias(serie.name), secret.alias(f"{serie.name}__secret"), illisibles)


def variables(
    table: pl.DataFrame, noms: Sequence[str], rapport: Rapport, *, secrets: Collection[str] = SECRETS,
    absents: Collection[str] = ABSENTS,
) -> pl.DataFrame:  # fmt: skip
    """The numeric variables and their `__secret` companions (only where a cell is secret).

    A cell that is neither a number nor a known mark becomes missing and is told in the report.
    """
    colonnes: list[pl.Series] = []
    for nom in noms:
        lus = en_nombres(table[nom], secrets=secrets, absents=absents)
        colonnes.append(lus.valeurs)
        if nombre := int(lus.secrets.sum()):
            rapport.cellules_secretes += nombre
            colonnes.append(lus.secrets)
        for ligne, brut in table.filter(lus.illisibles).select(LIGNE, nom).head(3).iter_rows():
            rapport.avertissements.append(
                f"ligne {ligne}, {nom} : « {str(brut)[:40]} » n’est pas un nombre, la cellule reste vide."
            )
    return pl.DataFrame(colonnes)


def codes_de_communes(table: pl.DataFrame, colonne: str, rapport: Rapport) -> pl.DataFrame:
    """The rows whose `colonne` is a commune code (a lost leading zero is given back), named `code`.

    Doubles and rows without a code are rejected with their line.
    """
    brut = table[colonne].cast(pl.String).fill_null("").str.strip_chars()
    complet = pl.select(
        pl.when(brut.str.contains(r"^\d{4}$")).then(pl.lit("0") + brut).otherwise(brut)
    ).to_series()
    table = table.with_columns(complet.alias("code"))
    bons = table["code"].str.contains(CODE_COMMUNE.pattern)
    _rejeter(table.filter(~bons), "code de commune illisible", rapport)
    table = table.filter(bons)
    doubles = table["code"].is_duplicated() & ~table["code"].is_first_distinct()
    _rejeter(table.filter(doubles), "commune en double", rapport)
    return table.filter(~doubles)


def _rejeter(lignes: pl.DataFrame, cause: str, rapport: Rapport) -> None:
    for ligne, code in lignes.select(LIGNE, "code").iter_rows():
        rapport.rejeter(cause, ligne, str(code or ""))
