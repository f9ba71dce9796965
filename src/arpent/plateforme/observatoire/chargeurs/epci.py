"""DGCL, EPCI with own taxation, their communes: `perimetre-epci-a-fp_2025.csv` (cp1252), `epcicom2023.xlsx`.

Populations carry thousands apart by spaces, and the year of the file stands in their names (`ptot_2025`). An
EPCI astride two départements: `dept` is that of its seat, `dep_com` that of the commune. The INSEE workbook
`Intercommunalite-Metropole_au_01-01-2025.xlsx` (sheet Composition_communale) is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import (
    AnyEntete,
    annee_exigee,
    chercher,
    codes_de_communes,
    lire_table,
    sirens,
    textes,
    variables,
)

POPULATION = re.compile(r"^(ptot|pmun)_(\d{4})$")


class ChargeurEpci:
    jeu = "epci"
    titre = "Périmètres des EPCI à fiscalité propre"
    producteur = "DGCL"
    licence = LICENCE_OUVERTE
    adresse = "https://www.collectivites-locales.gouv.fr/liste-et-composition-des-epci-fiscalite-propre"
    fichiers = (
        "perimetre-epci-a-fp_2025.csv",
        "epcicom2023.xlsx",
        "Intercommunalite-Metropole_au_01-01-2025.xlsx",
    )
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        if trouve := chercher(source, lambda e: e.a("siren", "raison_sociale", "insee") and bool(_annees(e))):
            annee = max(_annees(trouve[1]).values())
            return Reconnaissance(str(annee), annee, trouve[0], {"insee": False})
        trouve = chercher(source, lambda e: e.a("CODGEO", "EPCI", "LIBEPCI"))
        if trouve is None:
            return None
        annee = annee_exigee(source, "", "Intercommunalite-Metropole_au_01-01-2025.xlsx")
        return Reconnaissance(str(annee), annee, trouve[0], {"insee": True})

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        if quoi.details["insee"]:
            table = table.rename({"EPCI": "siren", "LIBEPCI": "raison_sociale", "CODGEO": "insee"})
            table = table.rename(
                {a: n for a, n in {"LIBGEO": "nom_membre", "DEP": "dep_com"}.items() if a in table.columns}
            )
            table = table.filter(pl.col("siren").fill_null("") != "ZZZZZZZZZ")
        table = codes_de_communes(sirens(table, "siren", rapport), "insee", rapport)
        annee = quoi.millesime
        nombres = {f"ptot_{annee}": "population_totale", f"pmun_{annee}": "population_municipale"}
        membres = textes(
            table,
            {
                "siren": "epci",
                "code": "code",
                "nom_membre": "libelle",
                "dep_com": "departement",
                "siren_membre": "siren",
            },
        )
        presents = [n for n in nombres if n in table.columns]
        if presents:
            membres = membres.hstack(
                variables(table, presents, rapport).rename({n: nombres[n] for n in presents})
            )
        rapport.gardees = membres.height
        return [Lot("membres", membres), Lot("epci", _groupements(table, rapport))]


def _groupements(table: pl.DataFrame, rapport: Rapport) -> pl.DataFrame:
    """One row per EPCI: the texts of its first row, its totals as published, the communes counted here."""
    premiers = table.unique("siren", keep="first", maintain_order=True)
    noms = {
        "siren": "code", "raison_sociale": "nom", "nature_juridique": "nature",
        "mode_financ": "mode_financement",
        "dept": "departement",
    }  # fmt: skip
    totaux = {
        "nb_membres": "nb_membres",
        "total_pop_tot": "population_totale",
        "total_pop_mun": "population_municipale",
    }
    presents = [n for n in totaux if n in table.columns]
    epci = textes(premiers, noms)
    if presents:
        epci = epci.hstack(variables(premiers, presents, rapport).rename({n: totaux[n] for n in presents}))
    comptes = table.group_by("siren").len("communes_lues").rename({"siren": "code"})
    return epci.join(comptes.with_columns(pl.col("communes_lues").cast(pl.Float64)), on="code", how="left")


def _annees(entete: AnyEntete) -> dict[str, int]:
    return {nom: int(m[2]) for nom in entete.colonnes if (m := POPULATION.match(nom))}


CHARGEUR = ChargeurEpci()
