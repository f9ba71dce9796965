"""INSEE, passage of the commune codes of earlier years to those of one year (workbook or CSV).

Columns CODGEO_2003 … CODGEO_2025 (one per year) or CODGEO_INI and the year of arrival: both are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import CODE_COMMUNE, LIGNE, AnyEntete, chercher, lire_table

ANNUELLE = re.compile(r"^CODGEO_(\d{4})$")


class ChargeurCogPassage:
    jeu = "cog_passage"
    titre = "Table de passage des communes d’une année à l’autre"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/2028028"
    fichiers = ("table_passage_annuelle_2025.zip", "table_passage_geo2003_geo2025.xlsx")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: len(_colonnes(e)) >= 2)
        if trouve is None:
            return None
        arrivee = max(annee for annee in _colonnes(trouve[1]).values())
        return Reconnaissance(str(arrivee), arrivee, trouve[0], {"colonnes": _colonnes(trouve[1])})

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        annees: dict[str, int] = quoi.details["colonnes"]
        table = lire_table(source, quoi.membre, list(annees))
        rapport.lues = table.height
        arrivee = max(annees, key=lambda nom: annees[nom])
        bons = table[arrivee].fill_null("").str.contains(CODE_COMMUNE.pattern)
        for ligne, code in table.filter(~bons).select(LIGNE, arrivee).iter_rows():
            rapport.rejeter("code de commune illisible", ligne, str(code or ""))
        table = table.filter(bons)
        rapport.gardees = table.height
        morceaux = [
            table.filter(pl.col(nom).fill_null("").str.contains(CODE_COMMUNE.pattern))
            .select(
                pl.lit(annee).alias("annee"), pl.col(nom).alias("ancien"), pl.col(arrivee).alias("nouveau")
            )
            .unique()
            for nom, annee in annees.items()
            if nom != arrivee
        ]
        return [Lot("passage", pl.concat(morceaux).sort("annee", "ancien", "nouveau"))]


def _colonnes(entete: AnyEntete) -> dict[str, int]:
    """Column to its year; 0 for the code of any earlier year (CODGEO_INI)."""
    annees = {nom: int(m[1]) for nom in entete.colonnes if (m := ANNUELLE.match(nom.upper()))}
    if annees and "CODGEO_INI" in entete.colonnes:
        annees["CODGEO_INI"] = 0
    return annees


CHARGEUR = ChargeurCogPassage()
