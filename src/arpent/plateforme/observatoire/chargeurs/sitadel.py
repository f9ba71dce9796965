"""SDES, Sitadel: dwellings authorised and started by commune and year (long form).

ANNEE;COMM;…;TYPE_LGT;LOG_AUT;LOG_COM;… semicolons, UTF-8. TYPE_LGT splits each commune and year: only « Tous
Logements » is kept, and « Collectif » beside it. Starts are blank for the last year: not yet known. A commune
and year without a row authorised none. Output: LOG_AUT_2024, LOG_COM_2024, LOG_AUT_COLLECTIF_2024…
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    annees_de,
    code_complete,
    deplier,
    dire_de_cote,
    est_commune,
    identifiant,
    lire,
    rejeter,
    sans_arrondissements,
    tableau_de,
    tableaux,
)
from .source import Source

COMMUNES = ("COMM", "COM", "COMMUNE", "CODGEO", "CODE_COMMUNE")
ANNEES = ("ANNEE", "AN")
TOUS, COLLECTIFS = "tous_logements", "collectif"


class ChargeurSitadel:
    jeu = "sitadel"
    titre = "Logements autorisés et commencés (Sitadel)"
    producteur = "SDES"
    licence = LICENCE_OUVERTE
    adresse = "https://www.statistiques.developpement-durable.gouv.fr/donnees-des-permis-de-construire"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            commune = next((c for c in COMMUNES if c in tableau.colonnes), None)
            annee = next((c for c in ANNEES if c in tableau.colonnes), None)
            if commune and annee and "LOG_AUT" in tableau.colonnes:
                derniere = annees_de(source, tableau, annee)[-1]
                details = {"cle": tableau.cle, "commune": commune, "annee": annee}
                return Reconnaissance(str(derniere), derniere, tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        commune, annee = quoi.details["commune"], quoi.details["annee"]
        tableau = tableau_de(source, quoi.details["cle"])
        progression("lecture", 0, 0)
        table = lire(source, tableau, [commune, annee, "TYPE_LGT", "LOG_AUT", "LOG_COM"])
        rapport.lues = table.height
        table = table.with_columns(code_complete(pl.col(commune).fill_null("")).alias("code"))
        for bonnes, cause in (
            (est_commune("code"), "code de commune illisible"),
            (pl.col(annee).str.contains(r"^(?:19|20)\d\d$"), "année illisible"),
        ):
            masque = table.select(bonnes.fill_null(False)).to_series()
            rejeter(table.filter(~masque), cause, rapport)
            table = table.filter(masque)
        table = sans_arrondissements(table, rapport)
        genres = _genres(table)
        tous = table.filter(genres == TOUS)
        if not tous.height:
            raise FichierRefuse(f"{source.nom} : aucune ligne « Tous Logements ».")
        lot = _serie(tous, annee, "LOG_AUT", "LOG_AUT", rapport)
        if "LOG_COM" in table.columns:
            lot = lot.join(_serie(tous, annee, "LOG_COM", "LOG_COM", rapport), on="code", how="left")
        collectifs = table.filter(genres == COLLECTIFS)
        rapport.gardees = tous.height + collectifs.height
        dire_de_cote(table.height - rapport.gardees, "autres types de logement", rapport)
        if collectifs.height:
            serie = _serie(collectifs, annee, "LOG_AUT", "LOG_AUT_COLLECTIF", rapport)
            lot = lot.join(serie, on="code", how="left")
        return [Lot("communes", lot)]


def _genres(table: pl.DataFrame) -> pl.Series:
    if "TYPE_LGT" not in table.columns:
        return pl.Series([TOUS] * table.height)
    return table["TYPE_LGT"].fill_null("").map_elements(identifiant, return_dtype=pl.String)


def _serie(table: pl.DataFrame, annee: str, mesure: str, prefixe: str, rapport: Rapport) -> pl.DataFrame:
    nommee = table.with_columns(pl.concat_str(pl.lit(f"{prefixe}_"), annee).alias("variable"))
    return deplier(nommee, "variable", mesure, rapport, absent=0.0)


CHARGEUR = ChargeurSitadel()
