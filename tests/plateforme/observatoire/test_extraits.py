"""The committed extracts, their manifest and their page say the same thing."""

import hashlib
import re
from pathlib import Path

import pytest

from arpent.extraits import lecture

FICHIERS = lecture.manifeste()["fichiers"]
PAGE = Path(__file__).parents[3] / "docs" / "donnees.md"
TAILLE_MAXIMALE = 7_000_000


def fichiers_presents() -> set[str]:
    return {
        str(chemin.relative_to(lecture.DOSSIER))
        for perimetre in (*lecture.PERIMETRES, "france")
        for chemin in (lecture.DOSSIER / perimetre).iterdir()
    }


def test_chaque_fichier_est_au_manifeste_et_reciproquement():
    assert fichiers_presents() == {f["fichier"] for f in FICHIERS}


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f["fichier"])
def test_l_empreinte_d_un_fichier_est_celle_du_manifeste(fichier):
    octets = (lecture.DOSSIER / fichier["fichier"]).read_bytes()
    assert hashlib.sha256(octets).hexdigest() == fichier["sha256"]


@pytest.mark.parametrize(
    "fichier", [f for f in FICHIERS if ".csv" in f["fichier"]], ids=lambda f: f["fichier"]
)
def test_les_colonnes_et_les_lignes_d_un_fichier_sont_celles_du_manifeste(fichier):
    lignes = list(lecture.lire_csv([lecture.DOSSIER / fichier["fichier"]]))
    decrites = lecture.manifeste()["tables"][fichier["table"]]["colonnes"]
    assert len(lignes) == fichier["lignes"]
    assert set(lignes[0]) <= set(decrites)


def test_chaque_colonne_decrite_a_un_sens():
    muettes = [
        (table, colonne)
        for table, quoi in lecture.manifeste()["tables"].items()
        for colonne, dit in quoi["colonnes"].items()
        if not dit.get("sens")
    ]
    assert muettes == []


def test_chaque_table_dit_son_producteur_son_millesime_et_son_porteur():
    porteurs = lecture.manifeste()["porteurs"]
    for table, quoi in lecture.manifeste()["tables"].items():
        assert quoi["producteur"], table
        assert quoi["millesime"], table
        assert set(quoi["porteurs"]) <= set(porteurs), table
        assert quoi["a_rederiver"] == any(porteurs[p]["a_rederiver"] for p in quoi["porteurs"]), table


def test_la_page_des_donnees_cite_chaque_fichier_et_marque_les_tables_a_rederiver():
    page = PAGE.read_text(encoding="utf-8")
    for fichier in FICHIERS:
        assert f"`{fichier['fichier']}`: {fichier['lignes']} rows" in page, fichier["fichier"]
    marquees = {t["titre"] for t in lecture.manifeste()["tables"].values() if t["a_rederiver"]}
    assert set(re.findall(r"^## (.+) \(!\)$", page, re.MULTILINE)) == marquees
    assert "issue B" in page


def test_les_extraits_tiennent_dans_sept_megaoctets():
    assert sum(f["octets"] for f in FICHIERS) < TAILLE_MAXIMALE


def test_les_communes_de_lozere_sont_152_et_leur_population_est_celle_du_departement():
    communes = [x for x in lecture.lignes("lozere/communes") if x["departement"] == "48"]
    assert len(communes) == 152
    assert sum(float(x["population_municipale_2023"]) for x in communes) == 76_486


def test_la_population_des_communes_fait_celle_publiee_pour_chaque_epci():
    publiee = {x["code"]: x["P23_POP"] for x in lecture.lignes("france/indicateurs_epci")}
    population = {
        x["code_insee"]: float(x["population_2023"]) for x in lecture.lignes_des_perimetres("population")
    }
    sommes: dict[str, float] = {}
    for x in lecture.lignes_des_perimetres("epci_membres"):
        sommes[x["epci_siren"]] = sommes.get(x["epci_siren"], 0.0) + population[x["code_insee"]]
    assert len(sommes) == 167
    assert {siren: float(publiee[siren]) for siren in sommes} == sommes


def test_la_somme_des_subventions_detr_dsil_est_positive_et_inferieure_aux_couts():
    for perimetre in lecture.PERIMETRES:
        lignes = list(lecture.lignes(f"{perimetre}/detr_dsil_2018_2019"))
        complets = [x for x in lignes if x["cout_total_eur"] and x["subvention_eur"]]
        assert (
            0
            < sum(float(x["subvention_eur"]) for x in complets)
            < sum(float(x["cout_total_eur"]) for x in complets)
        )


def test_un_extrait_absent_est_dit_clairement():
    with pytest.raises(lecture.ExtraitAbsent, match="manque dans cette installation"):
        lecture.trouver("lozere/inconnu")
