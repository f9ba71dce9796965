"""INSEE, movements of the communes: `v_mvt_commune_2026.csv`, and the older `historiq2017.txt` (latin-1).

The old file has one row per commune touched and three-digit codes of movement; it is brought to the layout of
the new one: before (`com_av`) and after (`com_ap`), with the two-digit code. Its rows that are neither a
change of name nor of perimeter (change of canton…) are left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import LIGNE, annee_exigee, chercher, en_cles, lire_table, par_cle, textes

MOUVEMENTS = {
    "10": "changement de nom", "20": "création", "21": "rétablissement", "30": "suppression",
    "31": "fusion simple", "32": "commune nouvelle", "33": "fusion-association",
    "34": "transformation en fusion simple", "35": "suppression de commune déléguée",
    "36": "rétablissement de commune déléguée", "41": "changement de département ou de région",
    "50": "changement de chef-lieu ou de code", "70": "transformation de commune associée",
    "71": "autre transformation", "72": "autre transformation",
}  # fmt: skip
ANCIENS = {
    **dict.fromkeys(("100", "110", "111", "120", "130", "140"), "10"),
    "200": "20", "210": "21", "230": "21", "300": "30", "310": "31", "320": "31", "311": "32", "321": "32",
    "331": "32", "341": "32", "330": "33", "340": "33", "350": "34", "360": "34", "351": "32", "361": "32",
    "400": "41", "410": "41", "411": "41", "500": "50",
}  # fmt: skip
"""Movement codes of `historiq` to those of `v_mvt_commune`."""
ABSORBEES = ("310", "311", "330", "331", "350", "351")
"""Codes told of the commune that goes; `COMECH` is then the one it joins."""


class ChargeurCogMouvements:
    jeu = "cog_mouvements"
    titre = "Mouvements des communes (Code officiel géographique)"
    producteur = "Insee"
    licence = LICENCE_OUVERTE
    adresse = "https://www.insee.fr/fr/information/2560452"
    fichiers = ("v_mvt_commune_2026.csv", "historiq2017.txt")
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for ancien, attendues in (
            (False, {"mod", "date_eff", "typecom_av", "com_av", "com_ap"}),
            (True, {"dep", "com", "eff", "mod", "comech", "nccoff", "nccanc"}),
        ):
            trouve = chercher(source, lambda e, a=attendues: a <= set(par_cle(e)))  # type: ignore[misc]
            if trouve:
                annee = annee_exigee(source, trouve[0], "v_mvt_commune_2026.csv")
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
            table = _moderniser(table, rapport)
        bons = (
            table["date_eff"].fill_null("").str.contains(r"^\d{4}-\d{2}-\d{2}$")
            & table["com_av"].fill_null("").str.contains(r"^(\d{2}|2[AB])\d{3}$")
            & table["com_ap"].fill_null("").str.contains(r"^(\d{2}|2[AB])\d{3}$")
        )
        for ligne, code in table.filter(~bons).select(LIGNE, "com_av").iter_rows():
            rapport.rejeter("date ou code de commune illisible", ligne, str(code or ""))
        for inconnu in table.filter(~table["mod"].fill_null("").is_in(list(MOUVEMENTS)))["mod"].unique():
            rapport.avertissements.append(f"Code de mouvement inconnu, gardé tel quel : « {inconnu} ».")
        table = table.filter(bons)
        rapport.gardees = table.height
        noms = ("mod", "date_eff", "typecom_av", "com_av", "libelle_av", "typecom_ap", "com_ap", "libelle_ap")
        return [Lot("mouvements", textes(table, {nom: nom for nom in noms}))]


def _moderniser(table: pl.DataFrame, rapport: Rapport) -> pl.DataFrame:
    ecartees = ~table["mod"].fill_null("").is_in(list(ANCIENS))
    if nombre := int(ecartees.sum()):
        rapport.rejets["mouvement sans effet sur le périmètre ni le nom"] += nombre
    table = table.filter(~ecartees)
    absorbee = pl.col("mod").is_in(ABSORBEES) & pl.col("comech").fill_null("").ne("")
    soi = pl.col("dep") + pl.col("com")
    date = pl.col("eff").str.replace(r"^(\d{2})-(\d{2})-(\d{4})$", "$3-$2-$1")
    return table.select(
        LIGNE,
        pl.col("mod").replace_strict(ANCIENS, default=None).alias("mod"),
        date.alias("date_eff"),
        pl.lit("COM").alias("typecom_av"),
        soi.alias("com_av"),
        pl.when(pl.col("nccanc").fill_null("") != "").then("nccanc").otherwise("nccoff").alias("libelle_av"),
        pl.lit("COM").alias("typecom_ap"),
        pl.when(absorbee).then("comech").otherwise(soi).alias("com_ap"),
        pl.when(absorbee).then(None).otherwise("nccoff").alias("libelle_ap"),
    )


CHARGEUR = ChargeurCogMouvements()
