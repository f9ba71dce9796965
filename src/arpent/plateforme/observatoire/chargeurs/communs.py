"""What several loaders share: finding the table in a zip or a workbook, its codes, its levels, its pivots."""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from .base import FichierRefuse, Rapport
from .source import BLOC, Entete, EnteteFeuille, Source
from .tables import CODE_COMMUNE, LIGNE, codes_de_communes, en_nombres, table_feuille, variables

MELODI = {
    "COM": "communes", "EPCI": "epci", "DEP": "departements", "REG": "regions", "FRANCE": "france",
    "FR": "france", "ZE2020": "zones_emploi", "ZE": "zones_emploi",
}  # fmt: skip
"""GEO_OBJECT of the INSEE long files. Arrondissements (ARM) are left out: their commune is there too."""

ARRONDISSEMENT = r"^(?:751(?:0[1-9]|1\d|20)|6938[1-9]|132(?:0[1-9]|1[0-6]))$"
COMMUNES_A_ARRONDISSEMENTS = ("75056", "69123", "13055")


TRANCHE = 16 * BLOC
"""Bytes of text turned into a table at once, when a table is read by groups of rows."""
Texte = Path | io.BytesIO
"""Where polars reads a text: a file, or bytes in memory."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """A table in a file: a member of text, or a sheet of a workbook."""

    entete: Entete | EnteteFeuille
    membre: str = ""

    @property
    def colonnes(self) -> tuple[str, ...]:
        return self.entete.colonnes

    @property
    def cle(self) -> str:
        return self.entete.feuille if isinstance(self.entete, EnteteFeuille) else self.membre


def tableaux(source: Source) -> Iterator[Tableau]:
    """The tables of a file; metadata members are passed over."""
    for feuille in source.entetes_feuilles:
        yield Tableau(feuille)
    for membre in source.membres:
        if re.search(r"(^|[/_-])(meta|metadata|varmod|lisez)", membre.lower()):
            continue
        entete = source.entete(membre)
        if entete is not None and len(entete.colonnes) > 1:
            yield Tableau(entete, membre)


def tableau_de(source: Source, cle: str) -> Tableau:
    """The table that was recognised, found again by its key."""
    for tableau in tableaux(source):
        if tableau.cle == cle:
            return tableau
    raise FichierRefuse(f"{source.nom} : aucune table lisible.")


def lire(source: Source, tableau: Tableau, colonnes: Sequence[str] | None = None) -> pl.DataFrame:
    """Cells as texts, only the columns asked (in the file's order); `__ligne` is the line in the file."""
    voulues = [c for c in tableau.colonnes if c and (colonnes is None or c in colonnes)]
    _refuser_les_doubles(source, voulues)
    if isinstance(tableau.entete, EnteteFeuille):
        return table_feuille(source, tableau.entete, voulues)
    with texte_utf8(source, tableau) as texte:
        return lire_texte(source.nom, texte, tableau.entete, voulues)


def _refuser_les_doubles(source: Source, colonnes: Sequence[str]) -> None:
    for colonne, nombre in Counter(colonnes).items():
        if nombre > 1:
            raise FichierRefuse(
                f"{source.nom} : la colonne {colonne} est en double. Téléchargez le fichier à nouveau."
            )


@contextmanager
def texte_utf8(source: Source, tableau: Tableau) -> Iterator[Texte]:
    """The member as UTF-8. A large one is never held in memory: it is read from the disk, inflated there."""
    if isinstance(tableau.entete, Entete) and tableau.entete.encodage == "cp1252":
        octets = source.octets(tableau.membre, en_lignes=True)
        yield io.BytesIO(octets.decode("cp1252", errors="replace").encode())
    elif source.genre == "texte":
        for _ in source.blocs(en_lignes=True):
            pass
        yield source.chemin
    else:
        with tempfile.NamedTemporaryFile(suffix=".csv") as cible:
            cible.writelines(source.blocs(tableau.membre, en_lignes=True))
            cible.flush()
            yield Path(cible.name)


def lire_texte(nom: str, texte: Texte, entete: Entete, voulues: Sequence[str]) -> pl.DataFrame:
    """The columns asked, and only them."""
    demandees = set(voulues)
    rangs = [i for i, c in enumerate(entete.colonnes) if c in demandees]
    if isinstance(texte, io.BytesIO):
        texte.seek(0)
    with _bien_forme(nom):
        table = pl.read_csv(
            texte, separator=entete.separateur, infer_schema=False, columns=rangs,
            truncate_ragged_lines=True, encoding="utf8-lossy", row_index_name=LIGNE, row_index_offset=2,
        )  # fmt: skip
    lus = [c for c in table.columns if c != LIGNE]
    attendus = [entete.colonnes[i] for i in rangs]
    return table.rename(dict(zip(lus, attendus, strict=True))).with_columns(
        pl.col(attendus).str.strip_chars()
    )


def par_tranches(source: Source, tableau: Tableau, voulues: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The same as `lire`, a group of rows at a time, untrimmed: for tables too wide to be held as texts.

    Only for files whose cells hold no line end.
    """
    if isinstance(tableau.entete, EnteteFeuille):
        yield lire(source, tableau, voulues)
        return
    demandees = set(voulues)
    _refuser_les_doubles(source, [c for c in tableau.colonnes if c in demandees])
    rangs = [i for i, c in enumerate(tableau.colonnes) if c in demandees]
    schema = {f"c{i}": pl.String for i in range(len(tableau.colonnes))}
    with texte_utf8(source, tableau) as texte, _ouvrir(texte) as flux:
        flux.readline()
        ligne = 2
        while bloc := flux.read(TRANCHE):
            with _bien_forme(source.nom):
                table = pl.read_csv(
                    bloc + flux.readline(), separator=tableau.entete.separateur, has_header=False,
                    schema=schema, columns=rangs, truncate_ragged_lines=True, encoding="utf8-lossy",
                    row_index_name=LIGNE, row_index_offset=ligne,
                )  # fmt: skip
            ligne += table.height
            yield table.rename({f"c{i}": tableau.colonnes[i] for i in rangs})


@contextmanager
def _bien_forme(nom: str) -> Iterator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, ValueError) as erreur:
        raise FichierRefuse(
            f"Le fichier {nom} est mal formé (guillemet non refermé ou lignes inégales) : "
            "téléchargez-le à nouveau."
        ) from erreur


def _ouvrir(texte: Texte) -> IO[bytes]:
    return texte if isinstance(texte, io.BytesIO) else texte.open("rb")


def nombres(table: pl.DataFrame, noms: Sequence[str], rapport: Rapport) -> pl.DataFrame:
    """Like `variables`, many times faster when all the cells of a column are plain numbers or blanks."""
    lues = table.select(pl.col(noms).cast(pl.Float64, strict=False))
    vides = table.select(((pl.col(n) == "") | pl.col(n).is_null()).sum() for n in noms).row(0)
    finies = lues.select(pl.col(noms).is_finite().sum()).row(0)
    reste = [n for n, v, f in zip(noms, vides, finies, strict=True) if v + f < table.height]
    return lues.drop(reste).hstack(variables(table, reste, rapport)) if reste else lues


def annees_de(source: Source, tableau: Tableau, colonne: str) -> list[int]:
    """The years that a column holds (« 2024 » or « 2024-12-31 »), read over the whole file."""
    lues = lire(source, tableau, [colonne])[colonne].drop_nulls().unique().str.slice(0, 4)
    annees = sorted({int(a) for a in lues if re.fullmatch(r"(?:19|20)\d\d", a)})
    if not annees:
        raise FichierRefuse(
            f"{source.nom} : aucune année lisible dans la colonne {colonne} : téléchargez-le à nouveau."
        )
    return annees


def periode(annees: Sequence[int]) -> str:
    """2024, or 2018-2024."""
    return str(annees[-1]) if len(annees) == 1 else f"{annees[0]}-{annees[-1]}"


def identifiant(libelle: str) -> str:
    """« Dépenses d’équipement » -> depenses_d_equipement."""
    sans_accent = unicodedata.normalize("NFKD", libelle.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", sans_accent.replace("’", "'").lower()).strip("_")


def codes(table: pl.DataFrame, colonne: str, niveau: str, rapport: Rapport) -> pl.DataFrame:
    """Rows with a `code` of their level, once each, without the arrondissements already counted."""
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
    ville = commune_de_l_arrondissement(pl.col("code"))
    en_trop = table.select((ville != pl.col("code")) & ville.is_in(presentes)).to_series()
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


def dire_de_cote(nombre: int, quoi: str, rapport: Rapport) -> None:
    """Rows that are neither kept nor wrong: subtotals, other breakdowns."""
    if nombre:
        rapport.avertissements.append(f"{nombre} lignes laissées de côté : {quoi}.")


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
