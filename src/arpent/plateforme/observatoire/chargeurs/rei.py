"""DGFiP, local taxation by commune. Three published layouts, one output: `<VARIABLE>_<year>`.

- « fiscalité locale des particuliers » (data.economie.gouv.fr): one row per commune × exercice, `insee_com`,
  `exercice`, `taux_global_tfb`, `taux_plein_teom`, `e12vote`…
- REI as OFGL gives it, long: `annee`, `idcom`, `var` (E12VOTE…), `valeur`.
- REI as DGFiP gives it, wide: DEPARTEMENT, COMMUNE and codes (E11, E12, E13, E12VOTE…) or the long French
  titles (« FB - COMMUNE / BASE NETTE »…), of which those of the built-property tax are recognised.

Rates are percentages, bases and proceeds euros. A commune without TEOM has a blank, not 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import (
    Tableau,
    annees_de,
    code_complete,
    codes,
    deplier,
    est_commune,
    identifiant,
    lire,
    periode,
    rejeter,
    tableau_de,
    tableaux,
)
from .source import Source
from .tables import annee_exigee, variables

PARTICULIERS = re.compile(r"^(?:taux_\w+|[a-z]\d\d(?:vote)?|mpoid)$")
CODE_REI = re.compile(r"^[A-Z]\d\d[A-Z]{0,6}$")
TITRES = {
    "fb_commune_base_nette": "E11", "fb_commune_taux_net": "E12", "fb_commune_taux_vote": "E12VOTE",
    "fb_commune_montant_reel": "E13", "fb_commune_nombre_d_articles": "E14",
}  # fmt: skip


class ChargeurRei:
    jeu = "rei"
    titre = "Fiscalité directe locale (REI, taux communaux)"
    producteur = "DGFiP"
    licence = LICENCE_OUVERTE
    adresse = "https://data.economie.gouv.fr/explore/dataset/fiscalite-locale-des-particuliers/"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            noms = {identifiant(c): c for c in tableau.colonnes}
            if {"insee_com", "exercice", "taux_global_tfb"} <= set(noms):
                disposition, annees = "particuliers", annees_de(source, tableau, noms["exercice"])
            elif {"annee", "idcom", "var", "valeur"} <= set(noms):
                disposition, annees = "long", annees_de(source, tableau, noms["annee"])
            elif {"departement", "commune"} <= set(noms) and len(_titres(tableau)) >= 2:
                disposition = "large"
                annees = [annee_exigee(source, tableau.membre, "REI_2024.csv")]
            else:
                continue
            details = {"cle": tableau.cle, "disposition": disposition, "noms": noms}
            return Reconnaissance(periode(annees), annees[-1], tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        tableau = tableau_de(source, quoi.details["cle"])
        noms: dict[str, str] = quoi.details["noms"]
        progression("lecture", 0, 0)
        if quoi.details["disposition"] == "particuliers":
            lot = _particuliers(source, tableau, noms, rapport)
        elif quoi.details["disposition"] == "long":
            lot = _long(source, tableau, noms, rapport)
        else:
            lot = _large(source, tableau, noms, quoi.millesime, rapport)
        if not lot.height:
            raise FichierRefuse(f"{source.nom} : aucune commune lisible. Téléchargez le fichier à nouveau.")
        return [Lot("communes", lot)]


def _titres(tableau: Tableau) -> dict[str, str]:
    """Official column -> REI code."""
    codes_rei = {c: c for c in tableau.colonnes if CODE_REI.match(c)}
    titres = {c: TITRES[n] for c in tableau.colonnes if (n := identifiant(c)) in TITRES}
    return codes_rei | titres


def _particuliers(source: Source, tableau: Tableau, noms: dict[str, str], rapport: Rapport) -> pl.DataFrame:
    utiles = {c: n.upper() for n, c in noms.items() if PARTICULIERS.match(n)}
    code, exercice = noms["insee_com"], noms["exercice"]
    table = lire(source, tableau, [code, exercice, *utiles])
    rapport.lues = table.height
    table = _avec_annee(table, exercice, rapport)
    morceaux = []
    for (annee,), lignes in sorted(table.partition_by("annee", as_dict=True).items()):
        bonnes = codes(lignes, code, "communes", rapport)
        renommees = bonnes.rename({c: f"{n}_{annee}" for c, n in utiles.items()})
        voulues = [f"{n}_{annee}" for n in utiles.values()]
        morceaux.append(renommees.select("code").hstack(variables(renommees, voulues, rapport)))
        rapport.gardees += bonnes.height
    lot = morceaux[0] if morceaux else pl.DataFrame({"code": []}, schema={"code": pl.String})
    for morceau in morceaux[1:]:
        lot = lot.join(morceau, on="code", how="full", coalesce=True)
    return lot.sort("code")


def _long(source: Source, tableau: Tableau, noms: dict[str, str], rapport: Rapport) -> pl.DataFrame:
    table = lire(source, tableau, [noms[n] for n in ("annee", "idcom", "var", "valeur")])
    rapport.lues = table.height
    table = _avec_annee(table, noms["annee"], rapport)
    table = table.with_columns(code_complete(pl.col(noms["idcom"]).fill_null("")).alias("code"))
    bonnes = table.select(est_commune("code").fill_null(False)).to_series()
    rejeter(table.filter(~bonnes), "code de commune illisible", rapport)
    table = table.filter(bonnes).with_columns(
        pl.concat_str(pl.col(noms["var"]).str.to_uppercase(), pl.lit("_"), "annee").alias("variable")
    )
    rapport.gardees = table.height
    return deplier(table, "variable", noms["valeur"], rapport)


def _avec_annee(table: pl.DataFrame, colonne: str, rapport: Rapport) -> pl.DataFrame:
    """`annee` as text, from « 2024 » or « 2024-01-01 »."""
    table = table.with_columns(pl.col(colonne).fill_null("").str.slice(0, 4).alias("annee"))
    bonnes = table["annee"].str.contains(r"^20\d\d$")
    rejeter(table.filter(~bonnes), "année illisible", rapport, colonne)
    return table.filter(bonnes)


def _large(
    source: Source, tableau: Tableau, noms: dict[str, str], annee: str, rapport: Rapport
) -> pl.DataFrame:
    titres = _titres(tableau)
    departement, commune = noms["departement"], noms["commune"]
    table = lire(source, tableau, [departement, commune, *titres])
    rapport.lues = table.height
    # overseas: DEPARTEMENT is 97 or 971 and COMMUNE has three digits, the first of which may be shared
    dep = pl.col(departement).fill_null("").str.zfill(2).str.slice(0, 2)
    com = pl.col(commune).fill_null("").str.zfill(3)
    table = table.with_columns(pl.concat_str(dep, com).alias("insee"))
    bonnes = codes(table, "insee", "communes", rapport)
    renommees = bonnes.rename({c: f"{n}_{annee}" for c, n in titres.items()})
    rapport.gardees = bonnes.height
    voulues = [f"{n}_{annee}" for n in titres.values()]
    return renommees.select("code").hstack(variables(renommees, voulues, rapport))


CHARGEUR = ChargeurRei()
