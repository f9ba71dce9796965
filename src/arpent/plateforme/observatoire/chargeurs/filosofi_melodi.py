"""INSEE, Filosofi from 2023 (`DS_FILOSOFI_CC_2023_data.csv`): long form, all levels in one file.

GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;…;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE. CONF_STATUS `C`
is secret, OBS_STATUS `O` missing. A new source, not comparable with 2012-2021, hence a jeu apart.
Output: one column per measure (MED_SL, PR_MD60, D1_SL…); medians, deciles and rates are never summed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    MELODI,
    code_complete,
    deplier,
    dire_de_cote,
    est_commune,
    lire,
    rejeter,
    tableau_de,
    tableaux,
)
from .source import Source

CLES = {"GEO", "GEO_OBJECT", "FILOSOFI_MEASURE", "TIME_PERIOD", "OBS_VALUE"}
FACULTATIVES = ("CONF_STATUS", "OBS_STATUS")


class ChargeurFilosofiMelodi:
    jeu = "filosofi_melodi"
    titre = "Revenus et pauvreté (Filosofi, nouvelle source à partir de 2023)"
    producteur = "Insee-DGFiP-Cnaf-Cnav-CCMSA"
    licence = LICENCE_OUVERTE
    adresse = "https://catalogue-donnees.insee.fr/fr/catalogue/recherche/DS_FILOSOFI_CC"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            if not set(tableau.colonnes) >= CLES:
                continue
            rang = tableau.colonnes.index("TIME_PERIOD")
            annees = [x[rang] for x in tableau.entete.exemples if len(x) > rang]
            lues = [int(a) for a in annees if re.fullmatch(r"20\d\d", a)]
            if lues:
                return Reconnaissance(str(max(lues)), max(lues) + 2, tableau.membre, {"cle": tableau.cle})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        tableau = tableau_de(source, quoi.details["cle"])
        table = lire(source, tableau, [*CLES, *FACULTATIVES])
        rapport.lues = table.height
        autre = table["TIME_PERIOD"].fill_null("") != quoi.millesime
        rejeter(table.filter(autre), f"autre année que {quoi.millesime}", rapport, "GEO")
        suivis = table["GEO_OBJECT"].is_in(list(MELODI))
        dire_de_cote(int((~suivis & ~autre).sum()), "découpages autres que ceux suivis", rapport)
        table = table.filter(~autre & suivis)
        table = _marquer(table).with_columns(pl.col("GEO").str.split("-").list.last().alias("code"))
        lots = []
        for (objet,), lignes in sorted(table.partition_by("GEO_OBJECT", as_dict=True).items()):
            niveau = MELODI[str(objet)]
            if niveau == "communes":
                lignes = lignes.with_columns(code_complete(pl.col("code")).alias("code"))
                bonnes = lignes.select(est_commune("code").fill_null(False)).to_series()
                rejeter(lignes.filter(~bonnes), "code de commune illisible", rapport)
                lignes = lignes.filter(bonnes)
            if lignes.height:
                rapport.gardees += lignes.height
                lots.append(Lot(niveau, deplier(lignes, "FILOSOFI_MEASURE", "OBS_VALUE", rapport)))
        if not lots:
            raise FichierRefuse(f"{source.nom} : aucune ligne lisible pour {quoi.millesime}.")
        return lots


def _marquer(table: pl.DataFrame) -> pl.DataFrame:
    """`secret` from CONF_STATUS; a missing observation (OBS_STATUS O) is blank whatever its value says."""
    secret = pl.col("CONF_STATUS") == "C" if "CONF_STATUS" in table.columns else pl.lit(False)
    table = table.with_columns(secret.fill_null(False).alias("secret"))
    if "OBS_STATUS" in table.columns:
        absent = (pl.col("OBS_STATUS") == "O").fill_null(False)
        table = table.with_columns(pl.when(absent).then(pl.lit("")).otherwise("OBS_VALUE").alias("OBS_VALUE"))
    return table


CHARGEUR = ChargeurFilosofiMelodi()
