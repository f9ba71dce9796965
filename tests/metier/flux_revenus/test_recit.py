"""The estimate told in plain French."""

from dataclasses import replace
from decimal import Decimal

from arpent.metier.flux_revenus import Fourchette, estimer, paragraphe

from .territoires import GEVAUDAN, GRAND_GUERET, PORTES_DE_LA_CREUSE, donnees_de
from .test_estimer import OBSERVEES, sans


def test_le_paragraphe_dit_le_total_la_premiere_base_et_la_redistribution() -> None:
    texte = paragraphe(estimer(donnees_de(GEVAUDAN)), "CC du Gévaudan")
    assert "environ 132 millions d’euros" in texte
    assert "(entre 94 et 175 millions)" in texte
    assert "La première ressource est la base résidentielle" in texte
    assert "25,9 emplois au service des personnes présentes" in texte
    assert "taille voisine" in texte


def test_la_premiere_phrase_donne_le_total_sa_fourchette_et_les_euros_par_habitant() -> None:
    texte = paragraphe(estimer(donnees_de(GEVAUDAN)), "CC du Gévaudan")
    assert texte.split(". ")[0] == (
        "CC du Gévaudan\u00a0: le territoire capte environ 132 millions d’euros de revenus par an "
        "(entre 94 et 175 millions), soit environ 13\u202f600\u00a0€ par habitant"
    )


def test_un_petit_territoire_se_dit_au_dixieme_de_million() -> None:
    flux = estimer(donnees_de(GEVAUDAN))
    assert flux.total is not None
    cinq = Fourchette(Decimal("4940000"), Decimal("19990000"), Decimal("20000000"))
    texte = paragraphe(replace(flux, total=cinq, par_habitant=None), "Ici")
    assert "environ 20,0 millions d’euros de revenus par an (entre 4,9 et 20 millions)." in texte


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
