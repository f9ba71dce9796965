"""Vacant private dwellings, with their secrets and padded headers."""

from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.lovac import CHARGEUR

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame

EPCI = "LOVAC_opendata_EPCI.csv"
COLONNES = ("pp_vacant_25", "pp_vacant_plus_2ans_25", "pp_total_24")
ENTETE = "CODGEO_25;LIBGEO_25;pp_vacant_25;pp_vacant_plus_2ans_25;pp_total_24;EPCI_25;DEP\n"


def test_les_epci_de_lozere_sont_ceux_du_jeu_fourni():
    quoi, tables, _ = lire(CHARGEUR, FICHIERS / EPCI)
    assert quoi.millesime == "2024"
    fourni = {x["code"]: x for x in lecture.lignes("france/indicateurs_epci")}
    for code, parc in zip(tables["epci"]["code"], tables["epci"]["pp_total_24"], strict=True):
        assert parc == float(fourni[code]["logv_parc_vol_24"])


def test_le_secret_des_petites_communes(tmp_path: Path):
    texte = ENTETE + "48095;Mende;612;240;6800;244800405;48\n48001;Albaret-le-Comtal;s;s;160;200069144;48\n"
    quoi, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "LOVAC_opendata_Communes.csv", texte, "cp1252"))
    assert quoi.millesime == "2025"
    assert ligne(tables["communes"], "48095", COLONNES) == (612, 240, 6800)
    assert ligne(tables["communes"], "48001", COLONNES) == (None, None, 160)
    assert cellule(tables["communes"], "48001", "pp_vacant_25__secret") is True
    assert rapport.cellules_secretes == 2


def test_le_parc_des_fichiers_recents_garde_l_ancien_nom(tmp_path: Path):
    texte = "CODGEO_26;LIBGEO_26;pp_vacant_26;ff_pp_total_25\n1004;Ambérieu;12;99\n"
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "l.csv", texte, "cp1252"))
    assert ligne(tables["communes"], "01004", ("pp_vacant_26", "pp_total_25")) == (12, 99)


@pytest.mark.parametrize(
    ("entete", "code", "niveau"),
    [("DEP", "48", "departements"), ("REG", "76", "regions"), ("LIB", "France", "france")],
)
def test_les_autres_niveaux(tmp_path: Path, entete: str, code: str, niveau: str):
    texte = f"{entete};pp_vacant_25;pp_total_24\n{code};10;100\n"
    _, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "l.csv", texte))
    assert ligne(tables[niveau], "fr" if niveau == "france" else code, ("pp_vacant_25", "pp_total_24")) == (
        10,
        100,
    )


@pytest.mark.parametrize(
    ("ajout", "cause"),
    [("48095;Mende;1;1;1;x;48\n", "commune en double"), ("Total;;1;1;1;;\n", "code de commune illisible")],
)
def test_une_ligne_abimee_est_rejetee(tmp_path: Path, ajout: str, cause: str):
    texte = ENTETE + "48095;Mende;612;240;6800;244800405;48\n" + ajout
    assert lire(CHARGEUR, ecrire(tmp_path, "l.csv", texte))[2].rejets == {cause: 1}


def test_aucun_code_lisible_est_un_refus(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="aucun code"):
        lire(CHARGEUR, ecrire(tmp_path, "l.csv", ENTETE + "x;y;1;1;1;1;1\n"))


def test_un_seul_chargeur_le_reclame():
    assert qui_le_reclame(FICHIERS / EPCI) == ["lovac"]
