"""The portrait of a territory, and the catalogue behind it."""

import time

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.catalogue import Croissance, Publie, Rapport, catalogue
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.portrait import LignePortrait, departement_principal, portrait

GEVAUDAN = ["244800470"]
SEUIL_SECONDES = 0.1
"""Ten times the usual 8 ms: a noisy machine must not fail the suite, a slow algorithm must."""


def lignes(magasin: Magasin, epci: list[str], **options) -> dict[str, LignePortrait]:
    communes = [c for siren in epci for c in magasin.communes_de(siren)]
    return {
        ligne.indicateur.code: ligne
        for famille in portrait(magasin, communes, epci, **options)
        for ligne in famille.lignes
    }


def test_le_catalogue_a_au_moins_40_indicateurs_en_six_familles():
    assert len(catalogue().indicateurs) >= 40
    assert len({i.famille for i in catalogue().indicateurs.values()}) >= 6


def test_chaque_colonne_du_catalogue_existe_dans_le_magasin(magasin):
    for code, quoi in catalogue().indicateurs.items():
        regle = quoi.calcul
        if isinstance(regle, Publie):
            assert regle.colonne in magasin.epci.colonnes, code
            assert regle.base is None or regle.base in magasin.communes.colonnes, code
            continue
        table = magasin.epci if regle.niveau == "epci" else magasin.communes
        noms = (
            (regle.numerateur, regle.denominateur) if isinstance(regle, Rapport) else (regle.debut, regle.fin)
        )
        assert all(nom in table.colonnes for nom in noms if nom), code


def test_chaque_evolution_lit_des_colonnes_qui_existent(magasin):
    for code, quoi in catalogue().indicateurs.items():
        if quoi.evolution is None:
            continue
        e = quoi.evolution
        publiees = [n for n in (e.colonne, e.ecart) if n]
        niveau = (
            "epci" if isinstance(quoi.calcul, Rapport | Croissance) and quoi.calcul.niveau == "epci" else ""
        )
        table = magasin.epci if niveau else magasin.communes
        assert all(n in magasin.epci.colonnes for n in publiees), code
        assert all(n in table.colonnes for n in (e.numerateur, e.denominateur, e.base) if n), code


def test_les_totaux_couvrent_chaque_indicateur_recalcule(magasin):
    """A new indicator without its totals: run outils/extraire.py again (docs/algorithmes/indicateurs.md)."""
    for code, quoi in catalogue().indicateurs.items():
        if isinstance(quoi.calcul, Publie) or quoi.calcul.niveau == "epci" or quoi.famille == "finances":
            continue
        assert magasin.totaux.valeur("dep:48", f"{code}.numerateur") is not None, code


def test_les_totaux_de_lozere_sont_la_somme_de_ses_communes(magasin):
    communes = [x["code_insee"] for x in lecture.lignes("lozere/communes") if x["departement"] == "48"]
    for code, quoi in catalogue().indicateurs.items():
        if isinstance(quoi.calcul, Publie) or quoi.calcul.niveau == "epci" or quoi.famille == "finances":
            continue
        attendu = magasin.valeurs(communes, [], code).valeur
        assert magasin.comparaison("dep:48", quoi) == pytest.approx(attendu, rel=1e-4), code


def test_un_portrait_compare_au_departement_a_la_region_et_a_la_france(magasin):
    ligne = lignes(magasin, GEVAUDAN)["niveau_vie_median"]
    assert (ligne.valeur.valeur, ligne.departement, ligne.region, ligne.france) == (
        22_280,
        21_580,
        22_010,
        23_080,
    )
    assert ligne.valeur.evolution == pytest.approx(5.24, abs=0.05)
    assert ligne.rang is not None
    assert (ligne.rang.rang, ligne.rang.sur) == (2, 10)


def test_un_effectif_n_est_compare_a_rien(magasin):
    ligne = lignes(magasin, GEVAUDAN)["population"]
    assert (ligne.departement, ligne.region, ligne.france, ligne.rang) == (None, None, None, None)


def test_un_epci_hors_des_territoires_se_compare_aussi(magasin):
    """Grand Poitiers has no commune in the extracts, but its totals are there (vulnerability)."""
    quoi = catalogue().indicateurs
    assert magasin.comparaison("epci:200069854", quoi["population"]) > 190_000
    assert 15 < magasin.comparaison("epci:200069854", quoi["part_65_plus"]) < 25
    assert magasin.comparaison("epci:200069854", quoi["niveau_vie_median"]) > 20_000
    assert magasin.comparaison("epci:000000000", quoi["population"]) is None


def test_ce_qui_n_existe_pas_n_est_pas_invente(magasin):
    ligne = lignes(magasin, GEVAUDAN)["dette"]
    assert ligne.valeur.valeur is not None
    assert (ligne.departement, ligne.france) == (None, None)


def test_un_territoire_de_plusieurs_epci_n_a_pas_de_rang(magasin):
    assert all(ligne.rang is None for ligne in lignes(magasin, ["200034825", "200041556"]).values())


def test_on_peut_ne_demander_que_certaines_familles(magasin):
    assert {x.indicateur.famille for x in lignes(magasin, GEVAUDAN, familles=["revenus"]).values()} == {
        "revenus"
    }


def test_le_departement_principal_est_celui_ou_vivent_le_plus_d_habitants(magasin):
    assert departement_principal(magasin, magasin.communes_de("200069128")) == "48"
    assert departement_principal(magasin, magasin.communes_de("241200567")) == "12"
    assert departement_principal(magasin, []) == ""


def test_un_portrait_est_instantane(magasin):
    lignes(magasin, GEVAUDAN)
    debut = time.perf_counter()
    lignes(magasin, GEVAUDAN)
    assert time.perf_counter() - debut < SEUIL_SECONDES
