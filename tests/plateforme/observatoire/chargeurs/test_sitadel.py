"""Dwellings authorised and started."""

from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.sitadel import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, ecrire, ligne, lire, qui_le_reclame, varier

NOM = "liste-des-logements-communes-2025.csv"
ENTETE = "ANNEE;COMM;TYPE_LGT;LOG_AUT;LOG_COM\n"


def test_les_types_de_logements_ne_s_ajoutent_pas():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / NOM)
    assert quoi.millesime == "2025"
    communes = tables["communes"]
    mende = ligne(
        communes, "48095", ("LOG_AUT_2022", "LOG_AUT_2023", "LOG_AUT_COLLECTIF_2023", "LOG_COM_2023")
    )
    assert mende == (60, 58, 44, 18)
    fourni = [x for x in lecture.lignes("lozere/construction_sitadel") if x["code_insee"].startswith("48")]
    attendu = sum(float(x["logements_autorises"]) for x in fourni if x["annee"] == "2024")
    assert communes["LOG_AUT_2024"].sum() == attendu
    assert not rapport.rejets


def test_l_annee_sans_permis_vaut_zero_et_les_chantiers_a_venir_sont_inconnus():
    _, tables, _ = lire(CHARGEUR, FICHIERS / NOM)
    assert ligne(tables["communes"], "48095", ("LOG_AUT_2025", "LOG_COM_2025")) == (28, None)
    assert tables["communes"]["LOG_AUT_2022"].null_count() == 0


def test_paris_et_ses_arrondissements(tmp_path: Path):
    texte = ENTETE + "2024;75056;Tous Logements;12;3\n2024;75101;Tous Logements;6;1\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "s.csv", texte))
    assert tables["communes"]["LOG_AUT_2024"].to_list() == [12.0]
    assert rapport.rejets == {"arrondissement déjà compté dans sa commune": 1}


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        ("2022;48095;Tous", "2022;Mende;Tous", "code de commune illisible"),
        ("2022;48095;Tous", "22;48095;Tous", "année illisible"),
        ("2022;48095;Tous", "2023;48095;Tous", "ligne en double"),
    ],
)
def test_une_ligne_abimee_est_rejetee(tmp_path: Path, avant: str, apres: str, cause: str):
    assert lire(CHARGEUR, varier(tmp_path, NOM, (avant, apres)))[2].rejets[cause] >= 1


def test_une_valeur_illisible_reste_manquante(tmp_path: Path):
    texte = ENTETE + "2024;48095;Tous Logements;douze;\n2023;48095;Tous Logements;1 200;s\n"
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "s.csv", texte))
    mende = ("LOG_AUT_2024", "LOG_AUT_2023", "LOG_COM_2023", "LOG_COM_2023__secret")
    assert ligne(tables["communes"], "48095", mende) == (None, 1200, None, True)


def test_sans_le_total_le_fichier_est_refuse(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="Tous Logements"):
        lire(CHARGEUR, ecrire(tmp_path, "s.csv", ENTETE + "2024;48095;Collectif;12;3\n"))


def test_sans_autorisations_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    assert CHARGEUR.reconnaitre(Source(varier(tmp_path, NOM, ("LOG_AUT", "SDP_AUT")))) is None


def test_un_seul_chargeur_le_reclame():
    assert qui_le_reclame(FICHIERS / NOM) == ["sitadel"]
