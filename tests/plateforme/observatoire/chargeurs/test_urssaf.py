"""Private employment by commune × APE."""

from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.source import Source
from arpent.plateforme.observatoire.chargeurs.urssaf import CHARGEUR

from .aide import FICHIERS, ecrire, ligne, lire, qui_le_reclame, varier

NOM = "etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last.csv"
ENTETE = (
    "code_commune;code_ape;effectifs_salaries_2023;effectifs_salaries_2024;nombre_d_etablissements_2024\n"
)


def test_les_effectifs_de_la_lozere_sont_ceux_du_jeu_fourni():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / NOM)
    assert quoi.millesime == "2024"
    assert ligne(tables["communes"], "48095", ("effectifs_salaries_2014", "effectifs_salaries_2024")) == (
        4955,
        5004,
    )
    fourni = [x for x in lecture.lignes("france/emploi_prive_urssaf_echelons") if x["code"] == "48"]
    total = next(float(x["effectif_2024"]) for x in fourni if x["echelon"] == "dep")
    assert tables["communes"]["effectifs_salaries_2024"].sum() == pytest.approx(total, rel=1e-3)
    assert not rapport.rejets


def test_les_activites_d_une_commune_sont_ajoutees(tmp_path: Path):
    texte = ENTETE + "48095;4711D;10;12;2\n48095;5610A;;3;1\n48001;4711D;;;\n"
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "u.csv", texte))
    colonnes = ("effectifs_salaries_2023", "effectifs_salaries_2024", "nombre_d_etablissements_2024")
    assert ligne(tables["communes"], "48095", colonnes) == (10, 15, 3)
    # nothing known at all: missing, not 0
    assert ligne(tables["communes"], "48001", colonnes) == (None, None, None)


def test_une_activite_secrete_rend_la_somme_secrete(tmp_path: Path):
    texte = ENTETE + "48095;4711D;10;s;2\n48095;5610A;4;3;1\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "u.csv", texte))
    colonnes = ("effectifs_salaries_2024", "effectifs_salaries_2024__secret", "effectifs_salaries_2023")
    assert ligne(tables["communes"], "48095", colonnes) == (None, True, 14)
    assert rapport.cellules_secretes == 1


def test_les_libelles_du_portail_sont_compris(tmp_path: Path):
    texte = "Code commune;Effectifs salariés 2024;Nombre d'établissements 2024\n1004 Ambérieu;7;1\n"
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "u.csv", texte, "cp1252"))
    assert ligne(
        tables["communes"], "01004", ("effectifs_salaries_2024", "nombre_d_etablissements_2024")
    ) == (7, 1)


def test_un_code_illisible_est_rejete_et_une_cellule_illisible_dite(tmp_path: Path):
    texte = ENTETE + "Mende;4711D;1;1;1\n48095;4711D;dix;12;2\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "u.csv", texte))
    assert rapport.rejets == {"code de commune illisible": 1}
    assert ligne(tables["communes"], "48095", ("effectifs_salaries_2023",)) == (None,)
    assert "dix" in rapport.avertissements[0]


def test_sans_effectif_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    chemin = ecrire(tmp_path, "u.csv", "code_commune;code_ape;nombre\n48095;4711D;1\n")
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_aucun_code_lisible_est_un_refus(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="code_commune"):
        lire(CHARGEUR, ecrire(tmp_path, "u.csv", ENTETE + "x;y;1;1;1\n"))


def test_un_seul_chargeur_le_reclame(tmp_path: Path):
    assert qui_le_reclame(varier(tmp_path, NOM)) == ["urssaf"]
