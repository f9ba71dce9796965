"""INSEE, home-to-work commuting: `base-flux-mobilite-domicile-lieu-travail-AAAA.csv`, one row per pair.

CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P. Numbers are estimates, not whole; a flow under 200 is fragile.
The arrondissements of Paris, Lyon and Marseille are gathered in their commune. A workplace abroad keeps its
published code: it is an outgoing flow like another. The file of studies (SCOL) is not this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    ARRONDISSEMENT,
    COMMUNES_A_ARRONDISSEMENTS,
    code_complete,
    commune_de_l_arrondissement,
    est_commune,
    lire,
    rejeter,
    tableau_de,
    tableaux,
)
from .source import Source
from .tables import en_nombres

EFFECTIF = re.compile(r"^NBFLUX_C(\d\d)_ACTOCC15P$")
ETRANGER = r"^(?:99\d{3}|[A-Z]{2}\w{3})$"


class ChargeurMobilites:
    jeu = "mobilites"
    titre = "Mobilités professionnelles : déplacements domicile-travail"
    producteur = "Insee, recensement de la population"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/2383290"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            effectif = next((m for c in tableau.colonnes if (m := EFFECTIF.match(c))), None)
            if effectif and {"CODGEO", "DCLT"} <= set(tableau.colonnes):
                annee = 2000 + int(effectif[1])
                details = {"cle": tableau.cle, "effectif": effectif[0]}
                return Reconnaissance(str(annee), annee + 3, tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        effectif: str = quoi.details["effectif"]
        progression("décompression", 0, 0)
        table = lire(source, tableau_de(source, quoi.details["cle"]), ["CODGEO", "DCLT", effectif])
        rapport.lues = table.height
        progression("lecture", 0, table.height)
        table = table.with_columns(
            code_complete(pl.col("CODGEO").fill_null("")).alias("origine"),
            code_complete(pl.col("DCLT").fill_null("")).alias("destination"),
        )
        lus = en_nombres(table[effectif])
        table = table.with_columns(lus.valeurs.alias("actifs"))
        table = _garder(table, est_commune("origine"), "commune de résidence illisible", "CODGEO", rapport)
        bonne = est_commune("destination") | pl.col("destination").str.contains(ETRANGER)
        table = _garder(table, bonne, "lieu de travail illisible", "DCLT", rapport)
        table = _garder(table, pl.col("actifs") >= 0, "effectif absent ou illisible", effectif, rapport)
        progression("doublons", table.height // 2, rapport.lues)
        doubles = ~table.select(pl.struct("origine", "destination").is_first_distinct()).to_series()
        rejeter(table.filter(doubles), "flux en double", rapport, "CODGEO")
        table = _sans_double_compte(table.filter(~doubles), rapport)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucun flux lisible. Téléchargez le fichier à nouveau.")
        rapport.gardees = table.height
        lot = _regrouper_les_arrondissements(table)
        hors_de_france = lot.filter(pl.col("destination").str.contains(ETRANGER))
        if hors_de_france.height:
            rapport.avertissements.append(
                f"{hors_de_france.height} flux vers l’étranger, gardés sous leur code."
            )
        progression("lecture", rapport.lues, rapport.lues)
        return [Lot("flux", lot)]


def _garder(table: pl.DataFrame, bonnes: pl.Expr, cause: str, colonne: str, rapport: Rapport) -> pl.DataFrame:
    masque = table.select(bonnes.fill_null(False)).to_series()
    rejeter(table.filter(~masque), cause, rapport, colonne)
    return table.filter(masque)


def _sans_double_compte(table: pl.DataFrame, rapport: Rapport) -> pl.DataFrame:
    """When a file gives both Paris and its arrondissements on one side, the arrondissements go."""
    for colonne in ("origine", "destination"):
        presents = set(table[colonne].unique()) & set(COMMUNES_A_ARRONDISSEMENTS)
        if presents:
            villes = commune_de_l_arrondissement(pl.col(colonne)).is_in(list(presents))
            en_trop = table.select(pl.col(colonne).str.contains(ARRONDISSEMENT) & villes).to_series()
            cause = "arrondissement déjà compté dans sa commune"
            rejeter(table.filter(en_trop), cause, rapport, "CODGEO")
            table = table.filter(~en_trop)
    return table


def _regrouper_les_arrondissements(table: pl.DataFrame) -> pl.DataFrame:
    touchees = pl.any_horizontal(pl.col("origine", "destination").str.contains(ARRONDISSEMENT))
    masque = table.select(touchees).to_series()
    colonnes = ["origine", "destination", "actifs"]
    fixes = table.filter(~masque).select(colonnes)
    if masque.any():
        regroupees = (
            table.filter(masque)
            .with_columns(commune_de_l_arrondissement(pl.col(c)).alias(c) for c in colonnes[:2])
            .select(colonnes)
        )
        fixes = pl.concat([fixes, regroupees]).group_by(colonnes[:2]).agg(pl.col("actifs").sum())
    return fixes.sort(colonnes[:2])


CHARGEUR = ChargeurMobilites()
