"""DGF criteria: titles of several years, as quoted by public re-users. The figures are those of the test."""

from pathlib import Path

import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.dgf import CHARGEUR, reperer
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import ecrire, ligne, lire, qui_le_reclame

PF = "Potentiel fiscal et financier des communes"
TITRES = {
    2020: [
        f"{PF} - Potentiel fiscal 4 taxes", f"{PF} - Potentiel financier",
        f"{PF} - Potentiel financier par habitant", "Effort fiscal - Effort fiscal",
        "Dotation de solidarité rurale - Péréquation - Longueur de voirie en mètres",
        "Informations générales - Population DGF de l'année N'",
        "Dotation de solidarité rurale - Péréquation - Commune située en zone de montagne",
    ],
    2024: [
        f"{PF} - Potentiel fiscal 4 taxes final", f"{PF} - Potentiel financier final",
        f"{PF} - Potentiel financier par habitant final", "Effort fiscal - Effort fiscal final",
        "Dotation de solidarité rurale - Fraction péréquation - Longueur de voirie en mètres",
        "Informations générales - Population DGF de l'année N",
        "Dotation de solidarité rurale - Fraction péréquation - Commune située en zone de montagne",
    ],
    2016: [
        f"{PF}#Potentiel fiscal 4 taxes", f"{PF}#Potentiel financier",
        f"{PF}#Potentiel financier par habitant", "Effort fiscal#Effort fiscal",
        "Dotation de solidarité rurale - Péréquation#Longueur de voirie en mètres",
        "Informations générales#Population DGF Année N",
        "Dotation de solidarité rurale - Péréquation#Commune située en zone de montagne",
    ],
}  # fmt: skip
CODE = "Informations générales - Code INSEE de la commune"
NOTRES = (
    "POTENTIEL_FISCAL", "POTENTIEL_FINANCIER", "POTENTIEL_FINANCIER_PAR_HABITANT", "EFFORT_FISCAL",
    "LONGUEUR_VOIRIE", "POPULATION_DGF", "ZONE_DE_MONTAGNE",
)  # fmt: skip


def fichier(tmp_path: Path, annee: int, *lignes: str, nom: str = "") -> Path:
    texte = ";".join([CODE, "Informations générales - Nom de la commune", *TITRES[annee]]) + "\n"
    return ecrire(
        tmp_path, nom or f"criteres_repartition_{annee}.csv", texte + "".join(f"{x}\n" for x in lignes)
    )


@pytest.mark.parametrize("annee", TITRES)
def test_les_criteres_se_lisent_sous_les_titres_de_chaque_annee(tmp_path: Path, annee: int):
    chemin = fichier(tmp_path, annee, "48095;Mende;9000000,5;11000000;842,13;1,214;61250;13500;OUI")
    quoi, tables, rapport = lire(CHARGEUR, chemin)
    assert quoi.millesime == str(annee)
    assert ligne(tables["communes"], "48095", NOTRES) == (9000000.5, 11e6, 842.13, 1.214, 61250, 13500, 1)
    assert any("LOGEMENTS_SOCIAUX" in a for a in rapport.avertissements)


def test_le_critere_final_l_emporte_sur_le_provisoire():
    final = f"{PF} - Potentiel financier final"
    assert reperer([f"{PF} - Potentiel financier", final])["POTENTIEL_FINANCIER"] == final
    assert reperer([final, f"{PF} - Potentiel financier"])["POTENTIEL_FINANCIER"] == final


def test_un_critere_vide_reste_manquant_et_le_non_vaut_zero(tmp_path: Path):
    chemin = fichier(tmp_path, 2024, "1004;Ambérieu;;1;nd;1;;14000;NON")
    _, tables, _ = lire(CHARGEUR, chemin)
    assert ligne(tables["communes"], "01004", NOTRES) == (None, 1, None, 1, None, 14000, 0)


def test_les_lignes_abimees_sont_rejetees(tmp_path: Path):
    ligne_de_mende = "48095;Mende;9;11;8;1;61250;13500;OUI"
    chemin = fichier(tmp_path, 2024, ligne_de_mende, ligne_de_mende, ligne_de_mende.replace("48095", "Total"))
    assert lire(CHARGEUR, chemin)[2].rejets == {"commune en double": 1, "code de commune illisible": 1}


def test_sans_annee_dans_son_nom_le_fichier_est_refuse(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="criteres_repartition_2024"):
        CHARGEUR.reconnaitre(
            Source(fichier(tmp_path, 2024, "48095;Mende;1;1;1;1;1;1;OUI", nom="criteres.csv"))
        )


def test_un_fichier_sans_potentiel_ni_effort_n_est_pas_reconnu(tmp_path: Path):
    chemin = ecrire(tmp_path, "criteres_2024.csv", f"{CODE};Effort fiscal - Effort fiscal\n48095;1\n")
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_un_seul_chargeur_le_reclame(tmp_path: Path):
    assert qui_le_reclame(fichier(tmp_path, 2024, "48095;Mende;1;1;1;1;1;1;OUI")) == ["dgf"]
