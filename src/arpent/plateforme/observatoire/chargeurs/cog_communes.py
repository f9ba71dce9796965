"""INSEE, Code officiel géographique: `v_commune_2026.csv`, and the older `comsimp2017.txt` (latin-1, tabs).

In `v_commune` the same code stands twice when a commune déléguée bears the code of its commune: the type
tells them apart (COM, COMA associated, COMD delegated, ARM arrondissement of Paris, Lyon, Marseille).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import annee_exigee, chercher, codes_de_communes, en_cles, lire_table, par_cle, textes


class ChargeurCogCommunes:
    jeu = "cog_communes"
    titre = "Communes (Code officiel géographique)"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/2560452"
    fichiers = ("v_commune_2026.csv", "cog_ensemble_2026_csv.zip", "comsimp2017.txt")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for ancien, attendues in (
            (False, {"typecom", "com", "dep", "libelle", "comparent"}),
            (True, {"dep", "com", "tncc", "nccenr", "cheflieu"}),
        ):
            trouve = chercher(source, lambda e, a=attendues: a <= set(par_cle(e)))  # type: ignore[misc]
            if trouve:
                annee = annee_exigee(source, trouve[0], "v_commune_2026.csv")
                return Reconnaissance(str(annee), annee, trouve[0], {"ancien": ancien})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        table = lire_table(source, quoi.membre)
        table = en_cles(table)
        rapport.lues = table.height
        if quoi.details["ancien"]:
            table = table.with_columns(
                pl.lit("COM").alias("typecom"), (pl.col("dep") + pl.col("com")).alias("com"),
                pl.col("nccenr").alias("libelle"), pl.col("reg").alias("region"),
            )  # fmt: skip
        if table["typecom"].null_count() == table.height:
            raise FichierRefuse(f"{source.nom} : la colonne TYPECOM est vide.")
        entieres = table["typecom"] == "COM"
        communes = codes_de_communes(table.filter(entieres.fill_null(False)), "com", rapport)
        parties = codes_de_communes(
            table.filter(~entieres.fill_null(False)), "com", rapport, doubles_permis=True
        )
        champs = {"code": "code", "libelle": "libelle", "dep": "departement", "reg": "region"}
        lots = [Lot("communes", textes(communes, champs | {"arr": "arrondissement", "can": "canton"}))]
        if parties.height:
            morceaux = {"code": "code", "libelle": "libelle", "typecom": "type", "comparent": "commune"}
            lots.append(Lot("parties_de_communes", textes(parties, morceaux)))
        rapport.gardees = communes.height + parties.height
        return lots


CHARGEUR = ChargeurCogCommunes()
