"""From the columns of the public files to the quantities of a territory."""

from decimal import Decimal

import pytest

from arpent.metier.flux_revenus import Confiance, preparer
from arpent.metier.flux_revenus.redressement import redresser

from .territoires import (
    COEUR_DE_LOZERE,
    EPCI,
    FLUX,
    GEVAUDAN,
    GRAND_GUERET,
    MOBILITES,
    PORTES_DE_LA_CREUSE,
    communes_de,
    donnees_de,
)


def test_la_population_est_la_somme_des_communes() -> None:
    assert donnees_de(GEVAUDAN).population.valeur == Decimal(9681)
    assert donnees_de(GEVAUDAN).population.confiance is Confiance.A


def test_les_emplois_suivent_l_indice_de_concentration() -> None:
    donnees = donnees_de(GEVAUDAN)
    assert donnees.actifs_occupes.valeur is not None
    assert donnees.emplois.valeur == donnees.actifs_occupes.valeur * Decimal("1.16")


def test_les_navetteurs_entre_deux_membres_sont_internes_au_groupe() -> None:
    separes = [donnees_de(siren).sortants for siren in (GEVAUDAN, COEUR_DE_LOZERE)]
    groupe = donnees_de(GEVAUDAN, COEUR_DE_LOZERE).sortants
    assert groupe.valeur is not None
    assert groupe.haut is not None
    assert groupe.valeur < sum(s.valeur for s in separes if s.valeur is not None)
    assert groupe.haut < sum(s.haut for s in separes if s.haut is not None)


def test_les_navetteurs_sont_encadres_par_deux_bornes() -> None:
    sortants = donnees_de(GEVAUDAN).sortants
    assert sortants.bas is not None
    assert sortants.valeur is not None
    assert sortants.haut is not None
    assert sortants.bas < sortants.valeur < sortants.haut
    assert sortants.confiance is Confiance.D


def test_un_ancien_code_de_commune_fusionnee_reste_interne() -> None:
    avec, sans = (
        preparer(communes_de(GEVAUDAN), EPCI, MOBILITES, flux).sortants.haut
        for flux in (FLUX, [f for f in FLUX if f["code_travail_2025"] != "48099"])
    )
    assert avec is not None
    assert sans is not None
    assert avec < sans


def test_sans_tableau_un_solde_nul_ne_vaut_pas_zero_navetteur() -> None:
    sortants = donnees_de(GRAND_GUERET, PORTES_DE_LA_CREUSE).sortants
    assert sortants.valeur is None
    assert "Sans tableau des déplacements" in sortants.note


def test_sans_tableau_un_territoire_residentiel_garde_le_solde_comme_borne_basse() -> None:
    sortants = donnees_de(PORTES_DE_LA_CREUSE).sortants
    donnees = donnees_de(PORTES_DE_LA_CREUSE)
    assert donnees.actifs_occupes.valeur is not None
    assert donnees.emplois.valeur is not None
    assert sortants.valeur == donnees.actifs_occupes.valeur - donnees.emplois.valeur
    assert sortants.valeur is not None
    assert sortants.valeur > 0


def test_une_commune_secrete_est_estimee_au_prorata_et_la_couverture_le_dit() -> None:
    communes = communes_de(GEVAUDAN)
    publiees = [c for c in communes if c["NBMENFISC21"]]
    min(publiees, key=lambda c: int(c["population_2023"]))["NBMENFISC21"] = "s"
    entier, partiel = donnees_de(GEVAUDAN), preparer(communes, EPCI, MOBILITES, FLUX)
    assert entier.revenu_disponible.valeur is not None
    assert partiel.revenu_disponible.valeur is not None
    ecart = abs(partiel.revenu_disponible.valeur / entier.revenu_disponible.valeur - 1)
    assert Decimal(0) < ecart < Decimal("0.01")
    assert partiel.revenu_disponible.couverture < entier.revenu_disponible.couverture < 1


def test_une_donnee_trop_lacunaire_est_absente_et_non_nulle() -> None:
    communes = communes_de(GEVAUDAN)
    for commune in communes:
        if commune["nom"] == "Marvejols":
            commune["actifs_15_64_2021"] = ""
    donnees = preparer(communes, EPCI)
    assert donnees.actifs_occupes.valeur is None
    assert donnees.actifs_occupes.couverture < Decimal("0.8")
    assert donnees.emplois.valeur is None
    assert donnees.sortants.valeur is None


def test_un_epci_incomplet_est_signale() -> None:
    donnees = preparer(communes_de(GEVAUDAN)[:-1], EPCI)
    assert any("communes sur 12" in note for note in donnees.notes)


def test_un_territoire_sans_epci_connu_n_invente_rien() -> None:
    donnees = preparer(communes_de(GEVAUDAN), {})
    assert donnees.emplois.valeur is None
    assert donnees.revenu_disponible.valeur is None
    assert donnees.retraites.valeur is not None


def test_aucune_commune_est_refusee() -> None:
    with pytest.raises(ValueError, match="Aucune commune"):
        preparer([], EPCI)


def test_une_cellule_illisible_est_nommee() -> None:
    communes = communes_de(GEVAUDAN)
    communes[0]["P22_POP"] = "douze"
    with pytest.raises(ValueError, match=r"douze.*n’est pas un nombre"):
        preparer(communes, EPCI)


def test_le_redressement_exige_quatre_cinquiemes_de_la_population() -> None:
    complet = redresser([(Decimal(80), Decimal(8)), (Decimal(20), None)])
    assert complet.valeur == Decimal(10)
    assert complet.couverture == Decimal("0.8")
    assert redresser([(Decimal(79), Decimal(8)), (Decimal(21), None)]).valeur is None
    assert redresser([]).valeur is None


def test_sans_population_2023_la_population_2022_sert_de_poids() -> None:
    communes = communes_de(GEVAUDAN)
    communes[0]["population_2023"] = ""
    donnees = preparer(communes, EPCI)
    assert donnees.population.couverture < 1
    assert donnees.population.valeur is not None
    assert abs(donnees.population.valeur / 9681 - 1) < Decimal("0.01")
