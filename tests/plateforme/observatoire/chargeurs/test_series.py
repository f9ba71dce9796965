"""series.yaml: what official files give to the store, checked on the files themselves."""

import re
from pathlib import Path

import pytest
import yaml

from arpent.plateforme.observatoire import catalogue
from arpent.plateforme.observatoire.chargeurs.registre import CHARGEURS
from arpent.plateforme.observatoire.expressions import noms_de, pour_annee

from .aide import FICHIERS, lire

SERIES = yaml.safe_load(Path(catalogue.__file__).with_name("series.yaml").read_text(encoding="utf-8"))
NIVEAUX = {"communes", "epci", "departements", "regions", "france", "zones_emploi", "sommes"}
LIGNES = [
    (jeu, niveau, colonne, formule)
    for jeu, niveaux in SERIES.items()
    for niveau, colonnes in niveaux.items()
    for colonne, formule in colonnes.items()
]


def chargeur(jeu: str):
    return next(c for c in CHARGEURS if c.jeu == jeu)


def test_chaque_jeu_a_son_chargeur_et_chaque_niveau_existe():
    assert set(SERIES) <= {c.jeu for c in CHARGEURS}
    assert {niveau for _, niveau, _, _ in LIGNES} <= NIVEAUX


def test_chaque_formule_se_lit_et_ne_nomme_que_des_variables_officielles():
    for _, _, colonne, formule in LIGNES:
        noms = noms_de(pour_annee(formule, "22"))
        assert noms, colonne
        assert all(re.fullmatch(r"[A-Za-z]\w*", n) for n in noms), formule


def test_une_annee_a_droite_est_aussi_a_gauche():
    """Otherwise two vintages of a file would write in the same column."""
    for _, _, colonne, formule in LIGNES:
        assert "{aa}" not in formule or "{aa}" in colonne, colonne


@pytest.mark.parametrize(
    ("fichier", "jeu", "niveau", "attendues"),
    [
        ("base-cc-evol-struct-pop-2022.CSV", "rp", "communes", {"pop_0014_22", "pop_cadres_22"}),
        ("base-cc-logement-2021.CSV", "rp", "communes", {"logements_2021", "logements_vacants_2021"}),
        ("base_cc_comparateur.csv", "comparateur", "communes", {"population_2021", "chomeurs_15_64_2021"}),
        ("cc_filosofi_2021_COM.csv", "filosofi", "communes", {"MED21", "PPEN21", "NBPERSMENFISC21"}),
        ("DS_FILOSOFI_CC_2021_data.csv", "filosofi_melodi", "epci", {"rev_med_21", "rev_txpauv_21"}),
        ("DS_BPE_2024_data.csv", "bpe", "communes", set(SERIES["bpe"]["communes"])),
        ("LOVAC_opendata_EPCI.csv", "lovac", "epci", {"logv_vac2ans_vol_24", "logv_parc_vol_24"}),
        ("fiscalite-locale-des-particuliers.csv", "rei", "communes", {"taux_global_tfpb_2025_pct"}),
        ("ofgl-base-communes-consolidee.csv", "ofgl", "communes", {"encours_dette_hab_2022"}),
        (
            "liste-des-logements-communes-2025.csv", "sitadel", "communes",
            {"logements_autorises_2022_2024", "logements_commences_2023"},
        ),
        (
            "etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last.csv", "urssaf", "communes",
            {"effectif_2014", "effectif_2024"},
        ),
    ],
)  # fmt: skip
def test_un_fichier_charge_donne_les_colonnes_de_la_reserve(
    fichier: str, jeu: str, niveau: str, attendues: set[str]
):
    quoi, tables, _ = lire(chargeur(jeu), FICHIERS / fichier)
    variables = set(tables[niveau].columns)
    annees = {f"{a:02d}" for a in range(8, 30)}
    donnees = set()
    for colonne, formule in SERIES[jeu][niveau].items():
        essais = annees if "{aa}" in formule else {quoi.millesime[2:4]}
        donnees |= {
            pour_annee(colonne, a) for a in essais if set(noms_de(pour_annee(formule, a))) <= variables
        }
    assert attendues <= donnees
