"""OFGL, consolidated accounts of communes, EPCI, départements and régions (from DGFiP), long form.

UTF-8 with BOM, semicolons, decimal points, one row per collectivité × exercice × « Agrégat »; the year of the
geography stands in the headers (« Code Insee 2024 Commune »). Amount = main budget + annexed budgets − flows
between them. Output: `<label as a slug>_<exercice>` in euros and `population_totale_<exercice>`. A merged
commune or EPCI is the sum of those it replaced: the geography is that of the headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    Tableau,
    annees_de,
    code_complete,
    identifiant,
    lire,
    periode,
    rejeter,
    tableau_de,
    tableaux,
)
from .source import Source
from .tables import CODE_COMMUNE, LIGNE, en_nombres

NIVEAUX = {
    "communes": (r"code_insee_(20\d\d)_commune|com_code", CODE_COMMUNE.pattern),
    "epci": (r"code_siren_(20\d\d)_epci|epci_code", r"^\d{9}$"),
    "departements": (r"code_insee_(20\d\d)_departement|dep_code", r"^(?:\d{2,3}|2[AB])$"),
    "regions": (r"code_insee_(20\d\d)_region|reg_code", r"^\d{2}$"),
}
"""Level -> its code column (portal export, or API), and what a code looks like."""
CATEGORIES = {
    "commune": "communes",
    "gfp": "epci",
    "dept": "departements",
    "reg": "regions",
    "region": "regions",
}
CHAMPS = {
    "exercice": ("exercice", "annee_join", "exer"), "siren": ("code_siren_collectivite", "siren"),
    "agregat": ("agregat",), "montant": ("montant",), "population": ("population_totale", "ptot"),
}  # fmt: skip


class ChargeurOFGL:
    jeu = "ofgl"
    titre = "Comptes consolidés des collectivités (OFGL)"
    producteur = "OFGL, d’après DGFiP"
    licence = LICENCE_OUVERTE
    adresse = "https://data.ofgl.fr/explore/dataset/ofgl-base-communes-consolidee/"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            noms = {identifiant(c): c for c in tableau.colonnes}
            champs = {k: next((noms[n] for n in v if n in noms), None) for k, v in CHAMPS.items()}
            if None in champs.values() or (niveau := _niveau(tableau, noms)) is None:
                continue
            colonne, geographie = _code(noms, niveau)
            if not colonne:
                continue
            annees = annees_de(source, tableau, str(champs["exercice"]))
            details = {"cle": tableau.cle, "niveau": niveau, "code": colonne, "champs": champs}
            return Reconnaissance(periode(annees), geographie or annees[-1], tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        champs: Mapping[str, str] = quoi.details["champs"]
        niveau, colonne = quoi.details["niveau"], quoi.details["code"]
        progression("lecture", 0, 0)
        voulues = list(dict.fromkeys([colonne, *champs.values()]))
        table = lire(source, tableau_de(source, quoi.details["cle"]), voulues)
        rapport.lues = table.height
        table = _typer(table, colonne, champs, niveau, rapport)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucune ligne de compte lisible.")
        rapport.gardees = table.height
        progression("agrégats", table.height, rapport.lues)
        return [Lot(niveau, _large(table))]


def _typer(
    table: pl.DataFrame, colonne: str, champs: Mapping[str, str], niveau: str, rapport: Rapport
) -> pl.DataFrame:
    code = pl.col(colonne).fill_null("")
    table = table.with_columns(
        (code_complete(code) if niveau == "communes" else code).alias("code"),
        pl.col(champs["exercice"]).fill_null("").str.slice(0, 4).alias("exercice"),
        pl.col(champs["siren"]).fill_null("").alias("siren"),
        pl.col(champs["agregat"]).fill_null("").alias("agregat"),
        en_nombres(table[champs["montant"]]).valeurs.alias("montant"),
        en_nombres(table[champs["population"]]).valeurs.alias("population"),
    )
    for bonnes, cause in (
        (pl.col("code").str.contains(NIVEAUX[niveau][1]), "code de collectivité illisible"),
        (pl.col("exercice").str.contains(r"^20\d\d$"), "exercice illisible"),
        (pl.col("agregat") != "", "agrégat absent"),
        (pl.col("montant").is_not_null(), "montant illisible"),
    ):
        masque = table.select(bonnes).to_series()
        rejeter(table.filter(~masque), cause, rapport)
        table = table.filter(masque)
    cle = ["code", "exercice", "siren", "agregat"]
    premiers = table.select(pl.struct(cle).is_first_distinct()).to_series()
    rejeter(table.filter(~premiers), "agrégat en double pour la même collectivité", rapport)
    return table.filter(premiers).select(*cle, "montant", "population", LIGNE)


def _large(table: pl.DataFrame) -> pl.DataFrame:
    noms = {a: identifiant(a) for a in table["agregat"].unique()}
    montants = table.with_columns(
        pl.concat_str(pl.col("agregat").replace_strict(noms), pl.lit("_"), "exercice").alias("nom")
    )
    montants = montants.group_by("code", "nom").agg(pl.col("montant").sum())
    # a population is counted once per collectivité and year, whatever the number of its aggregates
    populations = (
        table.group_by("code", "exercice", "siren")
        .agg(pl.col("population").first())
        .group_by("code", "exercice")
        .agg(
            pl.when(pl.col("population").null_count() == 0).then(pl.col("population").sum()).alias("montant")
        )
        .select("code", pl.concat_str(pl.lit("population_totale_"), "exercice").alias("nom"), "montant")
    )
    tout = pl.concat([montants, populations])
    return tout.pivot(on="nom", index="code", values="montant", sort_columns=True).sort("code")


def _niveau(tableau: Tableau, noms: Mapping[str, str]) -> str | None:
    """By « Catégorie », else by the finest code column."""
    colonne = next((noms[n] for n in ("categorie", "categ") if n in noms), None)
    if colonne:
        for valeur in _valeurs(tableau, colonne):
            if (niveau := CATEGORIES.get(identifiant(valeur))) is not None:
                return niveau
    return next((n for n in NIVEAUX if _code(noms, n)[0]), None)


def _code(noms: Mapping[str, str], niveau: str) -> tuple[str, int]:
    for nom, colonne in noms.items():
        if trouve := re.fullmatch(NIVEAUX[niveau][0], nom):
            return colonne, int(trouve[1] or 0)
    return "", 0


def _valeurs(tableau: Tableau, colonne: str) -> list[str]:
    rang = tableau.colonnes.index(colonne)
    return [x[rang] for x in tableau.entete.exemples if len(x) > rang and x[rang]]


CHARGEUR = ChargeurOFGL()
