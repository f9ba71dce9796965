"""What several loaders share: finding the table in a zip or a workbook, its codes, its levels, its pivots."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from .base import FichierRefuse, Rapport
from .source import Entete, Source
from .tables import CODE_COMMUNE, LIGNE, codes_de_communes, en_nombres

MELODI = {
    "COM": "communes", "EPCI": "epci", "DEP": "departements", "REG": "regions", "FRANCE": "france",
    "FR": "france", "ZE2020": "zones_emploi", "ZE": "zones_emploi",
}  # fmt: skip
"""GEO_OBJECT of the INSEE long files. Arrondissements (ARM) are left out: their commune is there too."""

ARRONDISSEMENT = r"^(?:751(?:0[1-9]|1\d|20)|6938[1-9]|132(?:0[1-9]|1[0-6]))$"
COMMUNES_A_ARRONDISSEMENTS = ("75056", "69123", "13055")
LIGNES_D_EN_TETE = 15


@dataclass(frozen=True, slots=True)
class Tableau:
    """A table in a file: a text member, or a sheet whose header stands on line `ligne` (from 1)."""

    entete: Entete
    membre: str = ""
    feuille: str = ""
    ligne: int = 1

    @property
    def cle(self) -> str:
        return self.feuille or self.membre


def tableaux(source: Source, cle: str = "CODGEO") -> Iterator[Tableau]:
    """The tables of a file; metadata members are passed over. In a workbook, those with a column `cle`."""
    if source.genre == "xlsx":
        for nom in source.feuilles():
            for i, rangee in enumerate(_rangees(source, nom)[:LIGNES_D_EN_TETE]):
                if cle in rangee:
                    exemples = _rangees(source, nom)[i + 1 : i + 6]
                    yield Tableau(Entete("utf-8", "", rangee, tuple(exemples)), feuille=nom, ligne=i + 1)
                    break
        return
    for membre in source.membres:
        if re.search(r"(^|[/_-])(meta|metadata|varmod|lisez)", membre.lower()):
            continue
        entete = source.entete(membre)
        if entete is not None and len(entete.colonnes) > 1:
            yield Tableau(entete, membre=membre)


def tableau_de(source: Source, cle: str) -> Tableau:
    """The table that was recognised, found again by its key."""
    for tableau in tableaux(source):
        if tableau.cle == cle:
            return tableau
    raise FichierRefuse(f"{source.nom} : aucune table lisible.")


def lire(source: Source, tableau: Tableau, colonnes: Sequence[str] | None = None) -> pl.DataFrame:
    """Cells as texts, only the columns asked (in the file's order); `__ligne` is the line in the file."""
    voulues = [c for c in tableau.entete.colonnes if c and (colonnes is None or c in colonnes)]
    if len(set(voulues)) < len(voulues):
        raise FichierRefuse(f"{source.nom} : une colonne est en double. Téléchargez le fichier à nouveau.")
    if tableau.feuille:
        return _de_la_feuille(source, tableau, voulues)
    return lire_octets(source.nom, texte_utf8(source, tableau), tableau.entete, voulues)


def texte_utf8(source: Source, tableau: Tableau) -> bytes:
    """The whole member as UTF-8 bytes, without a second copy when it already is."""
    octets = source.octets(tableau.membre)
    if tableau.entete.encodage == "cp1252":
        return octets.decode("cp1252", errors="replace").encode()
    return octets


def lire_octets(nom: str, octets: bytes, entete: Entete, voulues: Sequence[str]) -> pl.DataFrame:
    rangs = [i for i, c in enumerate(entete.colonnes) if c in voulues]
    try:
        table = pl.read_csv(
            io.BytesIO(octets), separator=entete.separateur, infer_schema=False, columns=rangs,
            truncate_ragged_lines=True, encoding="utf8-lossy", row_index_name=LIGNE, row_index_offset=2,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError) as erreur:
        raise FichierRefuse(
            f"Le fichier {nom} est mal formé (guillemet non refermé ou lignes inégales) : "
            "téléchargez-le à nouveau."
        ) from erreur
    attendus = [entete.colonnes[i] for i in rangs]
    lus = [c for c in table.columns if c != LIGNE]
    if len(lus) != len(attendus):
        raise FichierRefuse(f"Le fichier {nom} est mal formé : téléchargez-le à nouveau.")
    return table.rename(dict(zip(lus, attendus, strict=True))).with_columns(
        pl.col(attendus).str.strip_chars()
    )


def _de_la_feuille(source: Source, tableau: Tableau, voulues: Sequence[str]) -> pl.DataFrame:
    rangs = [tableau.entete.colonnes.index(c) for c in voulues]
    rangees = _rangees(source, tableau.feuille)[tableau.ligne :]
    donnees: dict[str, object] = {LIGNE: range(tableau.ligne + 1, tableau.ligne + 1 + len(rangees))}
    for nom, rang in zip(voulues, rangs, strict=True):
        donnees[nom] = [r[rang] if rang < len(r) else "" for r in rangees]
    types = dict.fromkeys(voulues, pl.String)
    table = pl.DataFrame(donnees, schema_overrides=types)
    return table.filter(pl.any_horizontal(pl.col(list(voulues)) != ""))


def _rangees(source: Source, feuille: str) -> list[tuple[str, ...]]:
    return _rangees_en_cache(source.chemin, source.chemin.stat().st_mtime_ns, feuille)


@lru_cache(maxsize=4)
def _rangees_en_cache(chemin: Path, _marque: int, feuille: str) -> list[tuple[str, ...]]:
    return [tuple(_texte(c) for c in r) for r in Source(chemin).feuille(feuille)]


def _texte(cellule: object) -> str:
    """A whole number typed as a float loses its « .0 »: a code stays a code."""
    if isinstance(cellule, float) and cellule.is_integer():
        return str(int(cellule))
    return str(cellule).strip()


def identifiant(libelle: str) -> str:
    """« Dépenses d’équipement » -> depenses_d_equipement."""
    sans_accent = unicodedata.normalize("NFKD", libelle.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", sans_accent.replace("’", "'").lower()).strip("_")


def codes(table: pl.DataFrame, colonne: str, niveau: str, rapport: Rapport) -> pl.DataFrame:
    """Rows with a `code` of their level, once each. Arrondissements of a commune that is there are left out."""
    if niveau == "communes":
        return sans_arrondissements(codes_de_communes(table, colonne, rapport), rapport)
    motif = {"epci": r"^\d{9}$", "departements": r"^(?:\d{2,3}|2[AB])$", "regions": r"^\d{2}$"}
    brut = table[colonne].cast(pl.String).fill_null("").str.strip_chars()
    if niveau in ("departements", "regions"):
        brut = pl.select(pl.when(brut.str.contains(r"^\d$")).then("0" + brut).otherwise(brut)).to_series()
    table = table.with_columns(brut.alias("code"))
    bons = table["code"].str.contains(motif.get(niveau, r"^\S+$"))
    rejeter(table.filter(~bons), "code de territoire illisible", rapport)
    table = table.filter(bons)
    doubles = ~table["code"].is_first_distinct()
    rejeter(table.filter(doubles), "territoire en double", rapport)
    return table.filter(~doubles)


def sans_arrondissements(table: pl.DataFrame, rapport: Rapport) -> pl.DataFrame:
    """Paris, Lyon and Marseille are never counted twice."""
    presentes = [c for c in COMMUNES_A_ARRONDISSEMENTS if c in set(table["code"])]
    if not presentes:
        return table
    prefixes = "|".join(f"^{c[:3]}" for c in presentes)
    en_trop = table["code"].str.contains(ARRONDISSEMENT) & table["code"].str.contains(prefixes)
    rejeter(table.filter(en_trop), "arrondissement déjà compté dans sa commune", rapport)
    return table.filter(~en_trop)


def commune_de_l_arrondissement(code: pl.Expr) -> pl.Expr:
    """75101 -> 75056: for files that only know the arrondissements."""
    arrondissement = code.str.contains(ARRONDISSEMENT)
    commune = code.str.slice(0, 2).replace_strict(
        {c[:2]: c for c in COMMUNES_A_ARRONDISSEMENTS}, default=None, return_dtype=pl.String
    )
    return pl.when(arrondissement).then(commune).otherwise(code)


def code_complete(code: pl.Expr) -> pl.Expr:
    """A lost leading zero is given back."""
    return pl.when(code.str.contains(r"^\d{4}$")).then("0" + code).otherwise(code)


def rejeter(lignes: pl.DataFrame, cause: str, rapport: Rapport, colonne: str = "code") -> None:
    """Many rows for one cause: all counted, the first ones shown."""
    if not lignes.height:
        return
    for ligne, valeur in lignes.select(LIGNE, colonne).head(5).iter_rows():
        rapport.rejeter(cause, ligne, str(valeur or ""))
    rapport.rejets[cause] += max(0, lignes.height - 5)


def est_commune(colonne: str) -> pl.Expr:
    return pl.col(colonne).str.contains(CODE_COMMUNE.pattern)


def deplier(
    table: pl.DataFrame, variable: str, valeur: str, rapport: Rapport, *, absent: float | None = None,
    zeros: Iterable[str] = (),
) -> pl.DataFrame:  # fmt: skip
    """Long to wide: one row per `code`, one column per value of `variable`, sorted.

    Unreadable cells are missing and told; a pair given twice is rejected. A column `secret` (Boolean) makes
    the `__secret` companions. `absent`: what a pair that has no row is worth (0 when the file is exhaustive).
    """
    lus = en_nombres(table[valeur])
    table = table.with_columns(lus.valeurs.alias("__valeur"))
    secret = lus.secrets | table["secret"] if "secret" in table.columns else lus.secrets
    table = table.with_columns(
        pl.when(secret).then(None).otherwise(pl.col("__valeur")).alias("__valeur"), secret.alias("__s")
    )
    for ligne, brut in table.filter(lus.illisibles).select(LIGNE, valeur).head(10).iter_rows():
        rapport.avertissements.append(
            f"ligne {ligne} : « {str(brut)[:40]} » n’est pas un nombre, la cellule reste vide."
        )
    unique = table.unique(["code", variable], keep="first", maintain_order=True)
    if unique.height < table.height:
        rejeter(table.join(unique.select(LIGNE), on=LIGNE, how="anti"), "ligne en double", rapport)
    large = unique.pivot(on=variable, index="code", values="__valeur", sort_columns=True)
    noms = [c for c in large.columns if c != "code"]
    if absent is not None:
        present = unique.with_columns(pl.lit(True).alias("p")).pivot(on=variable, index="code", values="p")
        large = large.join(present.rename({n: f"{n}__p" for n in noms}), on="code").with_columns(
            pl.when(pl.col(f"{n}__p").is_null()).then(absent).otherwise(pl.col(n)).alias(n) for n in noms
        ).select("code", *noms)  # fmt: skip
    if (nombre := int(secret.sum())) > 0:
        rapport.cellules_secretes += nombre
        marques = unique.filter("__s").pivot(on=variable, index="code", values="__s")
        marques = marques.rename({c: f"{c}__secret" for c in marques.columns if c != "code"})
        large = large.join(marques, on="code", how="left").with_columns(
            pl.col(c).fill_null(False) for c in marques.columns if c != "code"
        )
    manquants = [z for z in zeros if z not in noms]
    return large.with_columns(pl.lit(0.0).alias(z) for z in manquants).sort("code")
