"""DGCL, « critères de répartition des dotations » of communes: potentiel fiscal and financier, effort fiscal,
longueur de voirie… One row per commune, about 200 columns whose titles change every year.

A title is « Section - [Sous-section -] Critère [final] » (older files: `#` for ` - `). It is recognised by
its words, without accents or the words « final », « année N », « notifié », never by its place: the patterns
below were written from titles quoted by public re-users of the files of 2016 to 2024, not from a file.
Names of the output are ours. The year is that of the file's name. Amounts in euros, roads in metres.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .communs import codes, identifiant, lire, tableau_de, tableaux
from .source import Source
from .tables import annee_exigee, variables

COMMUNE = re.compile(r"(?:informations_generales_)?code_insee(?:_de_la)?(?:_commune)?")
CRITERES = {
    "POPULATION_DGF": r"informations_generales_population_dgf",
    "POPULATION_INSEE": r"informations_generales_population_insee",
    "RESIDENCES_SECONDAIRES": r"informations_generales_residences_secondaires",
    "SUPERFICIE": r"informations_generales_superficie",
    "STRATE_DEMOGRAPHIQUE": r"informations_generales_strate_demographique",
    "POTENTIEL_FISCAL": r"potentiel_fiscal_et_financier_des_communes_potentiel_fiscal(?:_4_taxes)?",
    "POTENTIEL_FISCAL_PAR_HABITANT": (
        r"potentiel_fiscal_et_financier_des_communes_potentiel_fiscal(?:_4_taxes)?_par_habitant"
    ),
    "POTENTIEL_FINANCIER": r"potentiel_fiscal_et_financier_des_communes_potentiel_financier",
    "POTENTIEL_FINANCIER_PAR_HABITANT": (
        r"potentiel_fiscal_et_financier_des_communes_potentiel_financier_par_habitant"
    ),
    "EFFORT_FISCAL": r"effort_fiscal_effort_fiscal",
    "LONGUEUR_VOIRIE": r".*perequation_longueur_de_voirie_en_metres",
    "ZONE_DE_MONTAGNE": r".*perequation_commune_situee_en_zone_de_montagne",
    "POPULATION_3_16_ANS": r".*perequation_population_3_a_16_ans",
    "DOTATION_FORFAITAIRE": r"dotation_forfaitaire_(?:dotation_forfaitaire|montant_total_reparti)",
    "LOGEMENTS_SOCIAUX": r"dotation_de_solidarite_urbaine.*_nombre_de_logements_sociaux_de_la_commune",
    "REVENU_IMPOSABLE": r"dotation_de_solidarite_urbaine.*_revenu_imposable_des_habitants_de_la_commune",
}
"""Our name -> the title once simplified (`_titre`)."""
ESSENTIELS = frozenset({"POTENTIEL_FISCAL", "POTENTIEL_FINANCIER", "EFFORT_FISCAL", "LONGUEUR_VOIRIE"})
OUI = {"oui": "1", "non": "0"}


class ChargeurDGF:
    jeu = "dgf"
    titre = "Critères de répartition des dotations de l’État aux communes"
    producteur = "DGCL"
    licence = LICENCE_OUVERTE
    adresse = "https://www.collectivites-locales.gouv.fr/collectivites-locales-chiffres"
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        for tableau in tableaux(source):
            criteres = reperer(tableau.colonnes)
            commune = next((c for c in tableau.colonnes if COMMUNE.fullmatch(_titre(c))), None)
            if commune and len(ESSENTIELS & set(criteres)) >= 2:
                annee = annee_exigee(source, tableau.membre, "criteres_repartition_2024.csv")
                details = {"cle": tableau.cle, "commune": commune, "criteres": criteres}
                return Reconnaissance(str(annee), annee, tableau.membre, details)
        return None

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        commune: str = quoi.details["commune"]
        criteres: dict[str, str] = quoi.details["criteres"]
        progression("lecture", 0, 0)
        tableau = tableau_de(source, quoi.details["cle"])
        table = lire(source, tableau, [commune, *criteres.values()])
        rapport.lues = table.height
        table = codes(table, commune, "communes", rapport)
        if not table.height:
            raise FichierRefuse(f"{source.nom} : aucune commune lisible dans « {commune} ».")
        table = table.select(
            "code", "__ligne", *(pl.col(c).alias(n) for n, c in criteres.items())
        ).with_columns(pl.col(list(criteres)).str.to_lowercase().replace(OUI))
        for nom in sorted(set(CRITERES) - set(criteres)):
            rapport.avertissements.append(f"Critère non trouvé dans les titres du fichier : {nom}.")
        lot = table.select("code").hstack(variables(table, list(criteres), rapport))
        rapport.gardees = lot.height
        return [Lot("communes", lot)]


def reperer(colonnes: Sequence[str]) -> dict[str, str]:
    """Our name -> official column. Of a title and its « final » twin, the final one is the right one."""
    trouves: dict[str, str] = {}
    for colonne in colonnes:
        titre = _titre(colonne)
        for nom, motif in CRITERES.items():
            if re.fullmatch(motif, titre) and (nom not in trouves or "final" in identifiant(colonne)):
                trouves[nom] = colonne
    return trouves


def _titre(colonne: str) -> str:
    titre = f"_{identifiant(colonne)}_"
    for bruit in (
        "_final_",
        "_finale_",
        "_de_l_annee_n_",
        "_annee_n_",
        "_notifiee_n_",
        "_notifie_n_",
        "_fraction_",
    ):
        titre = titre.replace(bruit, "_")
    return re.sub(r"_(?:20\d\d)?_*$", "", titre).strip("_")


CHARGEUR = ChargeurDGF()
