"""URSSAF, private establishments and employees by commune × APE code, one column per year.

`code_commune`, `code_ape`, `effectifs_salaries_2024`, `nombre_d_etablissements_2024`… (or the labels
« Effectifs salariés 2024 »). The rows of a commune are added. A blank is an activity that was not there that
year; an `s` makes the sum of that commune and year secret. Public service, farms and household employers are
not covered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import code_complete, est_commune, identifiant, lire, rejeter, tableau_de, tableaux
from .source import Source
from .tables import LIGNE, en_nombres

SERIE = re.compile(r"^(effectifs_salaries|nombre_d_etablissements)_(\d{4})$")
CLES = ("code_commune", "code_de_la_commune", "codgeo")


class ChargeurUrssaf:
    jeu = "urssaf"
    titre = "Établissements employeurs et effectifs salariés du secteur privé par commune"
    producteur = "Urssaf Caisse nationale"
    licence = LICENCE_OUVERTE
    adresse = "https://open.urssaf.fr/explore/dataset/etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last/"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            noms = {identifiant(c): c for c in tableau.colonnes}
            series = {n: c for n, c in noms.items() if SERIE.match(n)}
            cle = next((noms[n] for n in CLES if n in noms), None)
            annees = [int(n[-4:]) for n in series if n.startswith("effectifs")]
            if cle and annees:
                details = {"cle": tableau.cle, "code": cle, "series": series}
                return Reconnaissance(str(max(annees)), max(annees) + 1, tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        series: dict[str, str] = quoi.details["series"]
        colonne: str = quoi.details["code"]
        progression("lecture", 0, 0)
        table = lire(source, tableau_de(source, quoi.details["cle"]), [colonne, *series.values()])
        rapport.lues = table.height
        # the open portal writes « 48095 Mende » in some exports
        code = pl.col(colonne).fill_null("").str.extract(r"^(\w+)", 1).fill_null("")
        table = table.with_columns(code_complete(code).alias("code"))
        bonnes = table.select(est_commune("code").fill_null(False)).to_series()
        rejeter(table.filter(~bonnes), "code de commune illisible", rapport)
        table = table.filter(bonnes)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucun code de commune lisible dans « {colonne} ».")
        rapport.gardees = table.height
        lot = table.select("code").unique().sort("code")
        for rang, nom in enumerate(sorted(series)):
            lot = lot.join(_par_commune(table, series[nom], nom, rapport), on="code", how="left")
            progression("lecture", rang + 1, len(series))
        return [Lot("communes", lot)]


def _par_commune(table: pl.DataFrame, colonne: str, nom: str, rapport: Rapport) -> pl.DataFrame:
    lus = en_nombres(table[colonne])
    for ligne, brut in table.filter(lus.illisibles).select(LIGNE, colonne).head(3).iter_rows():
        rapport.avertissements.append(
            f"ligne {ligne}, {nom} : « {str(brut)[:40]} » n’est pas un nombre, la cellule reste vide."
        )
    sommes = (
        pl.DataFrame({"code": table["code"], "v": lus.valeurs, "s": lus.secrets})
        .group_by("code")
        .agg(pl.col("v").sum(), pl.col("v").count().alias("n"), pl.col("s").any())
        .with_columns(pl.when((pl.col("n") > 0) & ~pl.col("s")).then("v").otherwise(None).alias(nom))
    )
    if secrets := int(lus.secrets.sum()):
        rapport.cellules_secretes += secrets
        return sommes.select("code", nom, pl.col("s").alias(f"{nom}__secret"))
    return sommes.select("code", nom)


CHARGEUR = ChargeurUrssaf()
