"""The estimate told in plain French."""

from arpent.metier.flux_revenus import estimer, paragraphe

from .territoires import GEVAUDAN, GRAND_GUERET, PORTES_DE_LA_CREUSE, donnees_de
from .test_estimer import OBSERVEES, sans


def test_le_paragraphe_dit_le_total_la_premiere_base_et_la_redistribution() -> None:
    texte = paragraphe(estimer(donnees_de(GEVAUDAN)), "CC du Gévaudan")
    assert "environ 132 millions d’euros" in texte
    assert "(entre 94 et 175 millions)" in texte
    assert "La première ressource est la base résidentielle" in texte
    assert "25,9 emplois au service des personnes présentes" in texte
    assert "taille voisine" in texte


def test_le_paragraphe_ne_compare_pas_la_base_sociale_a_la_moyenne_nationale() -> None:
    texte = paragraphe(estimer(donnees_de(GRAND_GUERET, PORTES_DE_LA_CREUSE)), "Territoire de Guéret")
    assert "La base publique pèse 12 points de plus" in texte
    assert "La base sociale pèse" not in texte


def test_sans_donnees_le_paragraphe_dit_quoi_faire() -> None:
    texte = paragraphe(estimer(sans(donnees_de(GEVAUDAN), *OBSERVEES)), "Ailleurs")
    assert "Chargez les fichiers de l’INSEE" in texte


def test_sans_emplois_le_paragraphe_se_passe_de_redistribution() -> None:
    texte = paragraphe(estimer(sans(donnees_de(GEVAUDAN), "emplois")), "CC du Gévaudan")
    assert "redistribué" not in texte
    assert "La première ressource" in texte


def test_la_ponctuation_double_est_precedee_d_une_espace_insecable() -> None:
    texte = paragraphe(estimer(donnees_de(GEVAUDAN)), "CC du Gévaudan")
    for signe in (" :", " ;", " %", " €"):
        assert signe not in texte


def test_sans_population_le_paragraphe_se_passe_de_montant_par_habitant() -> None:
    texte = paragraphe(estimer(sans(donnees_de(GEVAUDAN), "population")), "CC du Gévaudan")
    assert "par habitant" not in texte
    assert "emplois pour" not in texte
    assert "25,9 emplois" in texte
