"""INSEE, table of membership of the communes: `table-appartenance-geo-communes-2025.zip`, workbook or CSV.

One row per commune: département, région, EPCI and the zonings of study, whose names change with their
definition (ZE2010, ZE2020, AAV2020…): they are kept under their official names, as texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import annee_exigee, chercher, codes_de_communes, lire_table, textes

SANS_EPCI = ("ZZZZZZZZZ", "")
NOMS = {
    "LIBGEO": "libelle", "DEP": "departement", "REG": "region", "EPCI": "epci", "NATURE_EPCI": "nature_epci",
    "ARR": "arrondissement", "CV": "canton_ville",
}  # fmt: skip


class ChargeurAppartenance:
    jeu = "appartenance"
    titre = "Appartenance géographique des communes (EPCI, zonages d’étude)"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/7671844"
    fichiers = ("table-appartenance-geo-communes-2025.zip", "table-appartenance-geo-communes-17.csv")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(
            source,
            lambda e: (
                e.colonnes[0] == "CODGEO" and e.a("LIBGEO", "DEP", "REG", "EPCI") and not e.a("LIBEPCI")
            ),
        )
        if trouve is None:
            return None
        membre = "" if source.genre in ("xlsx", "ods") else trouve[0]
        annee = annee_exigee(
            source, membre, "table-appartenance-geo-communes-2025.zip", r"communes[-_](\d\d)\b"
        )
        return Reconnaissance(str(annee), annee, trouve[0])

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        table = codes_de_communes(table, "CODGEO", rapport)
        zonages = [c for c in table.columns[1:] if c not in NOMS and c not in ("CODGEO", "code")]
        communes = textes(table, {"code": "code"} | NOMS | {z: z for z in zonages})
        rapport.gardees = communes.height
        membres = communes.filter(pl.col("epci").is_not_null() & ~pl.col("epci").is_in(SANS_EPCI))
        return [Lot("communes", communes), Lot("membres", membres.select("epci", "code"))]


CHARGEUR = ChargeurAppartenance()
