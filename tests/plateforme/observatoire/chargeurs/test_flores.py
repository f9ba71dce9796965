"""Establishments and posts by sphere. The figures are those of the test: no commune file was at hand."""

from pathlib import Path

import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.flores import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import cellule, ecrire, ligne, lire, qui_le_reclame, zipper

ENTETE = (
    "CODGEO;LIBGEO;ETTOT23;ETAZ23;ETTEF123;ETPTOT23;ETPTEF123;ETPTEFCP23;ETPPRES23;ETPNPRES23;ETPPRESPUB23\n"
)
MENDE = "48095;Mende;950;4;510;8200;1400;3100;6900;1300;3050\n"


def test_les_postes_par_sphere_gardent_leur_nom(tmp_path: Path):
    quoi, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "base-cc-flores-2023.csv", ENTETE + MENDE))
    assert (quoi.millesime, quoi.geographie) == ("2023", 2025)
    assert ligne(tables["communes"], "48095", ("ETPPRES23", "ETPNPRES23", "ETPPRESPUB23")) == (
        6900,
        1300,
        3050,
    )
    assert "LIBGEO" not in tables["communes"].columns
    assert rapport.gardees == 1


def test_les_deux_spheres_couvrent_tous_les_postes(tmp_path: Path):
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "f.csv", ENTETE + MENDE))
    presents, productifs, tous = ligne(tables["communes"], "48095", ("ETPPRES23", "ETPNPRES23", "ETPTOT23"))
    assert presents + productifs == tous  # type: ignore[operator]


def test_le_secret_et_le_vide_restent_manquants(tmp_path: Path):
    texte = ENTETE + "48001;Albaret;12;s;3;;1;s;20;2;9\n" + MENDE
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "f.csv", texte))
    albaret = ligne(
        tables["communes"], "48001", ("ETAZ23", "ETAZ23__secret", "ETPTOT23", "ETPTEFCP23__secret")
    )
    assert albaret == (None, True, None, True)
    assert cellule(tables["communes"], "48095", "ETAZ23__secret") is False
    assert rapport.cellules_secretes == 2


@pytest.mark.parametrize(
    ("ajout", "cause"),
    [(MENDE, "commune en double"), ("Total;x;1;1;1;1;1;1;1;1;1\n", "code de commune illisible")],
)
def test_une_ligne_abimee_est_rejetee(tmp_path: Path, ajout: str, cause: str):
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "f.csv", ENTETE + MENDE + ajout))
    assert rapport.rejets == {cause: 1}
    assert tables["communes"].height == 1


def test_l_archive_latin1_avec_ses_metadonnees(tmp_path: Path):
    texte = ENTETE + "48141;Saint-Étienne;1;1;1;10;1;1;7;3;2\n"
    archive = zipper(tmp_path, "base-cc-flores-2023_csv.zip", {
        "meta_base-cc-flores-2023.csv": b"COD_VAR;LIB_VAR\nETTOT23;x\n",
        "base-cc-flores-2023.csv": texte.encode("cp1252"),
    })  # fmt: skip
    assert cellule(lire(CHARGEUR, archive)[1]["communes"], "48141", "ETPPRES23") == 7


def test_le_comparateur_n_est_pas_flores(tmp_path: Path):
    chemin = ecrire(tmp_path, "c.csv", "CODGEO;P21_POP;SUPERF;ETTOT21\n48095;1;2;3\n")
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_aucune_commune_lisible_est_un_refus(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="aucune commune lisible"):
        lire(CHARGEUR, ecrire(tmp_path, "f.csv", ENTETE + MENDE.replace("48095", "Mende")))


def test_un_seul_chargeur_le_reclame(tmp_path: Path):
    assert qui_le_reclame(ecrire(tmp_path, "f.csv", ENTETE + MENDE)) == ["flores"]
