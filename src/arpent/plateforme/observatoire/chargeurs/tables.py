"""Text tables to typed columns, with polars: only ever called in the loader's own process."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from . import classeur
from .base import FichierRefuse, Rapport
from .source import Entete, EnteteFeuille, Source

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
    octets = source.octets(membre, en_lignes=True)
    if entete.encodage == "cp1252":
        octets = octets.decode("cp1252", errors="replace").encode()
    try:
        table = pl.read_csv(
            io.BytesIO(octets), separator=entete.separateur, infer_schema=False, encoding="utf8-lossy",
            truncate_ragged_lines=True, row_index_name=LIGNE, row_index_offset=2,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError) as erreur:
        raise FichierRefuse(
            f"Le fichier {source.nom} est mal formé (guillemet non refermé ou lignes inégales) : "
            "téléchargez-le à nouveau."
        ) from erreur
    table = _rebaptiser(table)
    if colonnes is not None:
        table = table.select([LIGNE, *[c for c in colonnes if c in table.columns]])
    return table.with_columns(pl.col(pl.String).str.strip_chars())


def table_feuille(
    source: Source, entete: EnteteFeuille, colonnes: Sequence[str] | None = None
) -> pl.DataFrame:
    """The rows below the headers of a sheet, all cells as texts, like `lire_csv`. Empty rows are left out."""
    if source.genre == "xlsx":
        brutes: Iterable[Sequence[str]] = classeur.lignes_en_flux(source.chemin, entete.feuille)
    else:
        brutes = ([classeur.texte_de(c) for c in r] for r in source.feuille(entete.feuille))
    gardees = [
        (rang, nom)
        for rang, nom in enumerate(entete.colonnes)
        if nom and nom not in entete.colonnes[:rang] and (colonnes is None or nom in colonnes)
    ]
    lues: dict[str, list[str | None]] = {nom: [] for _, nom in gardees}
    numeros: list[int] = []
    for numero, rangee in enumerate(brutes):
        if numero <= entete.rang or not any(rangee):
            continue
        numeros.append(numero + 1)
        for rang, nom in gardees:
            lues[nom].append(rangee[rang] if rang < len(rangee) else None)
    schema = dict.fromkeys(lues, pl.String)
    return pl.DataFrame({LIGNE: numeros}, schema={LIGNE: pl.UInt32}).hstack(pl.DataFrame(lues, schema=schema))


AnyEntete = Entete | EnteteFeuille


def chercher(source: Source, convient: Callable[[AnyEntete], bool]) -> tuple[str, AnyEntete] | None:
    """The first sheet or member whose headers suit: (its name, its headers)."""
    for feuille in source.entetes_feuilles:
        if convient(feuille):
            return feuille.feuille, feuille
    if source.genre in ("xlsx", "ods"):
        return None
    for membre in source.membres:
        entete = source.entete(membre)
        if entete is not None and convient(entete):
            return membre, entete
    return None


def lire_table(source: Source, membre: str, colonnes: Sequence[str] | None = None) -> pl.DataFrame:
    """The sheet or member that `chercher` named, all cells as texts."""
    for feuille in source.entetes_feuilles:
        if feuille.feuille == membre:
            return table_feuille(source, feuille, colonnes)
    entete = None if source.genre in ("xlsx", "ods") else source.entete(membre)
    if entete is None:
        raise FichierRefuse(f"{source.nom} : aucune table lisible.")
    return lire_csv(source, entete, membre, colonnes)


def cle(nom: str) -> str:
    """A header as a plain key: « N° SIREN » is n_siren, « Nature juridique » nature_juridique."""
    nu = "".join(c for c in unicodedata.normalize("NFKD", nom) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", nu.lower()).strip("_")


def par_cle(entete: AnyEntete) -> dict[str, str]:
    """Key of each header to the header as published (the first one when two give the same key)."""
    cles: dict[str, str] = {}
    for nom in entete.colonnes:
        cles.setdefault(cle(nom), nom)
    return cles


def en_cles(table: pl.DataFrame) -> pl.DataFrame:
    """The table with its headers as keys; a column whose key is empty or already taken is left out."""
    cles: dict[str, str] = {}
    for nom in table.columns:
        if nom != LIGNE and (nue := cle(nom)):
            cles.setdefault(nue, nom)
    return table.select(LIGNE, *(pl.col(nom).alias(nue) for nue, nom in cles.items()))


def sirens(table: pl.DataFrame, colonne: str, rapport: Rapport) -> pl.DataFrame:
    """The rows whose `colonne` is a SIREN (9 digits); the others are rejected with their line."""
    table = table.with_columns(pl.col(colonne).fill_null("").str.replace_all(r"\s", ""))
    bons = table[colonne].str.contains(r"^\d{9}$")
    _rejeter(table.filter(~bons).with_columns(pl.col(colonne).alias("code")), "SIREN illisible", rapport)
    return table.filter(bons)


def _rebaptiser(table: pl.DataFrame) -> pl.DataFrame:
    """Headers without the spaces around; one that would then be double keeps its own name."""
    noms: list[str] = []
    for nom in table.columns:
        propre = nom.strip()
        noms.append(nom if propre in noms else propre)
    return table.rename(dict(zip(table.columns, noms, strict=True)))


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


def codes_de_communes(
    table: pl.DataFrame, colonne: str, rapport: Rapport, *, doubles_permis: bool = False
) -> pl.DataFrame:
    """The rows whose `colonne` is a commune code (a lost leading zero is given back), named `code`.

    Rows without a code are rejected with their line, and doubles too unless they are allowed.
    """
    brut = table[colonne].cast(pl.String).fill_null("").str.strip_chars()
    complet = pl.select(
        pl.when(brut.str.contains(r"^\d{4}$")).then(pl.lit("0") + brut).otherwise(brut)
    ).to_series()
    table = table.with_columns(complet.alias("code"))
    bons = table["code"].str.contains(CODE_COMMUNE.pattern)
    _rejeter(table.filter(~bons), "code de commune illisible", rapport)
    table = table.filter(bons)
    if doubles_permis:
        return table
    doubles = table["code"].is_duplicated() & ~table["code"].is_first_distinct()
    _rejeter(table.filter(doubles), "commune en double", rapport)
    return table.filter(~doubles)


def annee_du_nom(source: Source, membre: str = "", *motifs: str) -> int | None:
    """The year that the name of the member, else of the file, carries. `motifs`: where two digits say it."""
    for nom in (membre.rpartition("/")[2], source.nom):
        if quatre := re.findall(r"(?<!\d)(19[4-9]\d|20\d\d)(?!\d{1,3}(?!\d))", nom):
            return int(quatre[-1])
        for motif in motifs:
            if deux := re.search(motif, nom, re.IGNORECASE):
                return 2000 + int(deux[1])
    return None


def annee_exigee(source: Source, membre: str, exemple: str, *motifs: str) -> int:
    """The year of the name. FichierRefuse, with the official name, when it has been renamed away."""
    if (annee := annee_du_nom(source, membre, *motifs)) is None:
        raise FichierRefuse(
            f"L’année du fichier {source.nom} ne se lit pas : rendez-lui son nom d’origine "
            f"(par exemple {exemple})."
        )
    return annee


def textes(table: pl.DataFrame, noms: Mapping[str, str]) -> pl.DataFrame:
    """Columns of `table` under our names (official name → ours); empty or absent: missing."""
    vide = pl.lit(None, dtype=pl.String)
    return table.select(
        (pl.when(pl.col(officiel) != "").then(pl.col(officiel)) if officiel in table.columns else vide).alias(
            nom
        )
        for officiel, nom in noms.items()
    )


def _rejeter(lignes: pl.DataFrame, cause: str, rapport: Rapport) -> None:
    for ligne, code in lignes.select(LIGNE, "code").iter_rows():
        rapport.rejeter(cause, ligne, str(code or ""))
