"""Local taxation, three published layouts."""

from pathlib import Path

import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.rei import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier

PARTICULIERS = "fiscalite-locale-des-particuliers.csv"


def test_les_taux_publies_par_commune():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / PARTICULIERS)
    assert (quoi.millesime, quoi.geographie) == ("2025", 2025)
    communes = tables["communes"]
    assert ligne(communes, "48095", ("TAUX_GLOBAL_TFB_2025", "TAUX_PLEIN_TEOM_2025")) == (56.84, 9.92)
    assert rapport.gardees == communes.height == 152
    # no household-waste tax is a blank, not a rate of zero
    assert communes["TAUX_PLEIN_TEOM_2025"].min() is None or communes["TAUX_PLEIN_TEOM_2025"].min() > 0  # type: ignore[operator]


def test_plusieurs_exercices_font_plusieurs_colonnes(tmp_path: Path):
    texte = (
        "exercice;insee_com;taux_global_tfb;e12vote\n2024;48095;50;30,5\n2025;48095;51;31\n2025;1004;20;10\n"
    )
    quoi, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "f.csv", texte))
    assert quoi.millesime == "2024-2025"
    assert ligne(tables["communes"], "48095", ("E12VOTE_2024", "E12VOTE_2025")) == (30.5, 31.0)
    assert ligne(tables["communes"], "01004", ("TAUX_GLOBAL_TFB_2024", "TAUX_GLOBAL_TFB_2025")) == (
        None,
        20.0,
    )


def test_la_forme_longue(tmp_path: Path):
    texte = "annee;idcom;libcom;var;varlib;valeur\n2024;48095;Mende;E12VOTE;FB - COMMUNE / TAUX VOTÉ;53.2\n"
    texte += "2024;48095;Mende;E13;FB - COMMUNE / MONTANT RÉEL;7000000\n2024;x;y;E13;z;1\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "rei.csv", texte))
    assert ligne(tables["communes"], "48095", ("E12VOTE_2024", "E13_2024")) == (53.2, 7e6)
    assert rapport.rejets == {"code de commune illisible": 1}


def test_la_forme_large_recompose_le_code_de_la_commune(tmp_path: Path):
    texte = (
        "DEPARTEMENT;COMMUNE;FB - COMMUNE / BASE NETTE;FB - COMMUNE / TAUX VOTÉ\n48;95;1000,5;53,2\n1;4;2;3\n"
    )
    quoi, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "REI_2024.csv", texte, "cp1252"))
    assert quoi.millesime == "2024"
    assert ligne(tables["communes"], "48095", ("E11_2024", "E12VOTE_2024")) == (1000.5, 53.2)
    assert cellule(tables["communes"], "01004", "E11_2024") == 2.0


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        (";48095;", ";48001;", "commune en double"),
        (";48095;", ";Mende;", "code de commune illisible"),
        ("2025;48;095;", "l’an dernier;48;095;", "année illisible"),
    ],
)
def test_une_ligne_abimee_est_rejetee(tmp_path: Path, avant: str, apres: str, cause: str):
    assert lire(CHARGEUR, varier(tmp_path, PARTICULIERS, (avant, apres)))[2].rejets == {cause: 1}


def test_sans_exercice_lisible_le_fichier_est_refuse(tmp_path: Path):
    chemin = ecrire(tmp_path, "f.csv", "exercice;insee_com;taux_global_tfb\nx;48095;50\n")
    with pytest.raises(FichierRefuse, match="exercice"):
        CHARGEUR.reconnaitre(Source(chemin))


def test_sans_taux_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    chemin = varier(tmp_path, PARTICULIERS, ("taux_global_tfb", "taux"))
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_un_seul_chargeur_le_reclame():
    assert qui_le_reclame(FICHIERS / PARTICULIERS) == ["rei"]
