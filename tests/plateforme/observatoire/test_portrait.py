"""The portrait of a territory, and the catalogue behind it."""

import pytest

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.portrait import LignePortrait, departement_principal, portrait

GEVAUDAN = ["244800470"]
"""Ten times the usual 8 ms: a noisy machine must not fail the suite, a slow algorithm must."""


def lignes(magasin: Magasin, epci: list[str], **options) -> dict[str, LignePortrait]:
    communes = [c for siren in epci for c in magasin.communes_de(siren)]
    return {
        ligne.indicateur.code: ligne
        for famille in portrait(magasin, communes, epci, **options)
        for ligne in famille.lignes
    }


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


def test_deux_lectures_donnent_le_meme_portrait(magasin):
    assert lignes(magasin, GEVAUDAN) == lignes(magasin, GEVAUDAN)
