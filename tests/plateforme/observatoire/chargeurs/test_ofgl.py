"""Consolidated accounts in the long form of OFGL."""

from pathlib import Path

import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.ofgl import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier

COMMUNES = "ofgl-base-communes-consolidee.csv"
DEPARTEMENTS = "ofgl-base-departements-consolidee.csv"
EPCI = "ofgl-base-gfp-consolidee.csv"


def test_une_colonne_par_agregat_et_par_exercice():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / COMMUNES)
    assert (quoi.millesime, quoi.geographie) == ("2022-2023", 2024)
    communes = tables["communes"]
    assert cellule(communes, "31135", "epargne_brute_2022") == 921485.95
    assert ligne(communes, "31135", ("encours_de_dette_2022", "encours_de_dette_2023")) == (
        6367549.43,
        7691207.63,
    )
    assert ligne(communes, "31135", ("population_totale_2022", "population_totale_2023")) == (4871.0, 4824.0)
    assert rapport.lues == rapport.gardees == 69
    assert not rapport.rejets


def test_les_anciens_epci_sont_ajoutes_dans_celui_qui_les_remplace():
    _, tables, _ = lire(CHARGEUR, FICHIERS / EPCI)
    cagire = ligne(tables["epci"], "200072643", ("achats_et_charges_externes_2016", "population_totale_2016"))
    assert cagire == (pytest.approx(1785961.3 + 311469.61 + 671438.17), 22435 + 8485 + 4494)


def test_le_departement_n_est_pas_pris_pour_une_commune():
    quoi, tables, _ = lire(CHARGEUR, FICHIERS / DEPARTEMENTS)
    assert list(tables) == ["departements"]
    assert cellule(tables["departements"], "31", "encours_de_dette_2023") == 408520886.24
    assert quoi.geographie == 2024


def test_les_noms_de_colonnes_changent_chaque_annee(tmp_path: Path):
    texte = (FICHIERS / COMMUNES).read_text(encoding="utf-8").replace("Code Insee 2024", "Code Insee 2025")
    quoi, tables, _ = lire(CHARGEUR, ecrire(tmp_path, COMMUNES, texte))
    assert quoi.geographie == 2025
    assert tables["communes"].equals(lire(CHARGEUR, FICHIERS / COMMUNES)[1]["communes"])


def test_le_format_de_l_interface_de_programmation_est_lu(tmp_path: Path):
    texte = "annee_join;com_code;siren;agregat;montant;ptot\n2024;48095;214800955;Epargne brute;10,5;13000\n"
    quoi, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "export.csv", texte))
    assert quoi.millesime == "2024"
    assert cellule(tables["communes"], "48095", "epargne_brute_2024") == 10.5


def test_une_ligne_double_n_est_pas_ajoutee(tmp_path: Path):
    texte = (FICHIERS / COMMUNES).read_text(encoding="utf-8")
    doublee = ecrire(tmp_path, COMMUNES, texte + texte.splitlines()[1] + "\n")
    _, tables, rapport = lire(CHARGEUR, doublee)
    assert rapport.rejets == {"agrégat en double pour la même collectivité": 1}
    assert tables["communes"].equals(lire(CHARGEUR, FICHIERS / COMMUNES)[1]["communes"])


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        (";438927.15;", ";n/a;", "montant illisible"),
        ("\n2022;Non;76;", "\nan 22;Non;76;", "exercice illisible"),
        (";31135;Cazères;", ";3A135;Cazères;", "code de collectivité illisible"),
    ],
)
def test_une_ligne_abimee_est_rejetee_avec_sa_cause(tmp_path: Path, avant: str, apres: str, cause: str):
    _, tables, rapport = lire(CHARGEUR, varier(tmp_path, COMMUNES, (avant, apres)))
    assert rapport.rejets == {cause: 1}
    assert "autres_recettes_de_fonctionnement_2022" not in tables["communes"].columns


def test_sans_la_colonne_montant_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    chemin = varier(tmp_path, COMMUNES, (";Montant;", ";Somme;"))
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_aucune_ligne_lisible_est_un_refus(tmp_path: Path):
    entete, premiere = (FICHIERS / COMMUNES).read_text(encoding="utf-8").splitlines()[:2]
    chemin = ecrire(tmp_path, COMMUNES, f"{entete}\n{premiere.replace('438927.15', 'x')}\n")
    with pytest.raises(FichierRefuse, match="aucune ligne de compte lisible"):
        lire(CHARGEUR, chemin)


@pytest.mark.parametrize("nom", [COMMUNES, DEPARTEMENTS, EPCI])
def test_un_seul_chargeur_le_reclame(nom: str):
    assert qui_le_reclame(FICHIERS / nom) == ["ofgl"]
