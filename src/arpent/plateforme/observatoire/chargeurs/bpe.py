"""INSEE, permanent database of facilities (BPE): how many of each type, by commune.

From 2024, `DS_BPE_2024_data.csv`, long: GEO, GEO_OBJECT, FACILITY_DOM, FACILITY_SDOM, FACILITY_TYPE,
BPE_MEASURE, TIME_PERIOD, OBS_VALUE, where `_T` rows are totals and one file mixes eleven levels. Until 2023,
`bpe23.csv`: one row per facility (or NB_EQUIP of them). In both, a type that a commune does not list is 0
there; a commune that is not listed at all has none of the facilities followed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    MELODI,
    Tableau,
    code_complete,
    commune_de_l_arrondissement,
    deplier,
    dire_de_cote,
    est_commune,
    lire,
    rejeter,
    tableau_de,
    tableaux,
)
from .source import Source
from .tables import LIGNE, annee_exigee

CODE_TYPE = r"^[A-G]\d{3}$"
TYPES_SUIVIS = (
    "A206", "A207", "A208", "B101", "B102", "B104", "B105", "B201", "B203", "B207", "C101", "C104", "C107",
    "C108", "C109", "C201", "C301", "C302", "C303", "D201", "D232", "D265", "D281", "D301", "D307", "D502",
    "E107", "E108", "E109", "F101", "F113", "F121",
)  # fmt: skip
"""Types read by series.yaml, old and new codes: a column of zeros when that year does not have the code."""


class ChargeurBPE:
    jeu = "bpe"
    titre = "Base permanente des équipements"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/statistiques/8217527"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            colonnes = set(tableau.colonnes)
            if {"GEO", "GEO_OBJECT", "FACILITY_TYPE", "OBS_VALUE"} <= colonnes:
                annee = _annee_longue(tableau)
                return Reconnaissance(str(annee), annee + 1, tableau.membre, {"cle": tableau.cle})
            if {"DEPCOM", "TYPEQU"} <= colonnes:
                annee = _annee_detail(source, tableau)
                return Reconnaissance(str(annee), annee + 1, tableau.membre, {"cle": tableau.cle})
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        tableau = tableau_de(source, quoi.details["cle"])
        progression("lecture", 0, 0)
        if "FACILITY_TYPE" in tableau.colonnes:
            lots = _lire_long(source, tableau, quoi.millesime, rapport)
        else:
            lots = [_lire_detail(source, tableau, rapport)]
        if not lots:
            raise FichierRefuse(f"{source.nom} : aucun équipement lisible. Téléchargez le fichier à nouveau.")
        return lots


def _annee_longue(tableau: Tableau) -> int:
    rang = tableau.colonnes.index("TIME_PERIOD") if "TIME_PERIOD" in tableau.colonnes else -1
    annees = {x[rang] for x in tableau.entete.exemples if 0 <= rang < len(x)}
    trouvees = [int(a) for a in annees if re.fullmatch(r"20\d\d", a)]
    if not trouvees:
        raise FichierRefuse(
            "La BPE n’a pas d’année lisible (colonne TIME_PERIOD) : téléchargez-la à nouveau."
        )
    return max(trouvees)


def _annee_detail(source: Source, tableau: Tableau) -> int:
    if "AN" in tableau.colonnes and tableau.entete.exemples:
        valeur = tableau.entete.exemples[0][tableau.colonnes.index("AN")]
        if re.fullmatch(r"20\d\d", valeur):
            return int(valeur)
    return annee_exigee(source, tableau.membre, "bpe23.csv", r"bpe_?(?:ensemble_?)?(\d\d)\b")


def _lire_long(source: Source, tableau: Tableau, millesime: str, rapport: Rapport) -> list[Lot]:
    voulues = ["GEO", "GEO_OBJECT", "FACILITY_TYPE", "BPE_MEASURE", "TIME_PERIOD", "OBS_VALUE"]
    table = lire(source, tableau, voulues)
    rapport.lues = table.height
    autre_annee = table["TIME_PERIOD"].fill_null("") != millesime
    rejeter(table.filter(autre_annee), f"autre année que {millesime}", rapport, "GEO")
    utiles = (
        ~autre_annee
        & (table["FACILITY_TYPE"].fill_null("") != "_T")
        & table["GEO_OBJECT"].is_in(list(MELODI))
    )
    if "BPE_MEASURE" in table.columns:
        utiles &= table["BPE_MEASURE"] == "FACILITIES"
    de_cote = int((~utiles & ~autre_annee).sum())
    dire_de_cote(de_cote, "sous-totaux, ou découpages autres que ceux suivis", rapport)
    table = table.filter(utiles)
    mauvais = ~table["FACILITY_TYPE"].str.contains(CODE_TYPE)
    rejeter(table.filter(mauvais), "type d’équipement inconnu", rapport, "FACILITY_TYPE")
    table = table.filter(~mauvais).with_columns(pl.col("GEO").str.split("-").list.last().alias("code"))
    lots = []
    for (objet,), lignes in sorted(table.partition_by("GEO_OBJECT", as_dict=True).items()):
        niveau = MELODI[str(objet)]
        if niveau == "communes":
            lignes = _communes_seules(lignes, rapport)
        if lignes.height:
            lots.append(Lot(niveau, deplier(
                lignes, "FACILITY_TYPE", "OBS_VALUE", rapport, absent=0.0, zeros=TYPES_SUIVIS)))  # fmt: skip
            rapport.gardees += lignes.height
    return lots


def _communes_seules(lignes: pl.DataFrame, rapport: Rapport) -> pl.DataFrame:
    lignes = lignes.with_columns(code_complete(pl.col("code")).alias("code"))
    bonnes = lignes.select(est_commune("code").fill_null(False)).to_series()
    rejeter(lignes.filter(~bonnes), "code de commune illisible", rapport)
    return lignes.filter(bonnes)


def _lire_detail(source: Source, tableau: Tableau, rapport: Rapport) -> Lot:
    table = lire(source, tableau, ["DEPCOM", "TYPEQU", "NB_EQUIP"])
    rapport.lues = table.height
    table = table.with_columns(pl.col("DEPCOM").fill_null("").alias("code"))
    table = _communes_seules(table, rapport)
    mauvais = ~table["TYPEQU"].fill_null("").str.contains(CODE_TYPE)
    rejeter(table.filter(mauvais), "type d’équipement inconnu", rapport, "TYPEQU")
    table = table.filter(~mauvais).with_columns(commune_de_l_arrondissement(pl.col("code")).alias("code"))
    rapport.gardees = table.height
    nombre = (
        pl.col("NB_EQUIP").cast(pl.Float64, strict=False).sum() if "NB_EQUIP" in table.columns else pl.len()
    )
    comptes = table.group_by("code", "TYPEQU").agg(
        nombre.cast(pl.Float64).cast(pl.String).alias("n"), pl.col(LIGNE).min()
    )
    return Lot("communes", deplier(comptes, "TYPEQU", "n", rapport, absent=0.0, zeros=TYPES_SUIVIS))


CHARGEUR = ChargeurBPE()
