"""Guessing which column is what."""

from decimal import Decimal

import pytest

from arpent.metier.plan_financement import StatutFinancement
from arpent.plateforme.echanges.correspondance import CHAMPS, deviner, lettre, mots, statut_de, unite_de


@pytest.mark.parametrize(
    ("entetes", "attendu"),
    [
        (("Intitulé", "Maître d’ouvrage", "Coût HT"), "titre mo cout_ht"),
        (("INTITULE", "MAITRE D'OUVRAGE", "COUT HT (€)"), "titre mo cout_ht"),
        (("OPERATION", "Bénéficiaire", "Montant total (€ HT)"), "titre mo cout_ht"),
        (("Projet", "Porteur", "Coût total H.T. en euros", "Coût TTC"), "titre mo cout_ht cout_ttc"),
        (("DETR", "Région", "Fonds propres", "Autres aides"), "etat region autofinancement autre_public"),
        (("DETR 2026", "DSIL sollicitée", "FEADER"), "etat etat ue"),
        (("Aide demandée", "Aide Région", "Aide Département"), "aide_demandee region departement"),
        (("N°", "Objet", "Commune", "Thématique", "Coût prévisionnel"), "numero titre mo theme cout_ht"),
        (("Début des travaux", "Date de fin", "Année de programmation"), "debut fin annee"),
        (("Couleur", "", "Colonne 12"), "- - -"),
    ],
)
def test_les_mots_des_gens_sont_reconnus(entetes, attendu):
    guessed = deviner(entetes)
    assert [guessed.get(rang, "-") for rang in range(len(entetes))] == attendu.split()


def test_l_exemple_fourni_est_reconnu_en_entier():
    assert deviner([c.libelle for c in CHAMPS]) == {i: c.code for i, c in enumerate(CHAMPS)}


def test_un_champ_du_projet_ne_se_lit_que_dans_une_colonne():
    assert list(deviner(["Montant", "Montant", "Montant"]).values()) == ["cout_ht"]


def test_une_colonne_de_mots_n_est_pas_une_colonne_de_montants():
    entetes = ["Intitulé", "État", "Coût HT"]
    lignes = [["École", "proposée", "1000"], ["Pont", "retenue", "2000"]]
    assert deviner(entetes, lignes) == {0: "titre", 2: "cout_ht"}
    assert deviner(entetes, [["École", "400", "1000"]])[1] == "etat"


def test_l_unite_et_les_parentheses_ne_comptent_pas():
    assert mots("Coût total (€ HT)") == "cout total ht"


@pytest.mark.parametrize(
    ("entete", "statut"),
    [
        ("DETR (acquis)", "acquis"),
        ("Subvention obtenue", "acquis"),
        ("Région sollicitée", "sollicite"),
        ("UE", "envisage"),
    ],
)
def test_le_statut_se_lit_dans_l_entete(entete, statut):
    assert statut_de(entete) is StatutFinancement(statut)


@pytest.mark.parametrize(
    ("entete", "unite"),
    [
        ("Coût HT (k€)", 1_000),
        ("Coût en milliers d’euros", 1_000),
        ("Coût en M€", 1_000_000),
        ("Coût en €", 1),
    ],
)
def test_l_unite_se_lit_dans_l_entete(entete, unite):
    assert unite_de(entete) == Decimal(unite)


def test_les_colonnes_ont_le_nom_que_leur_donne_le_tableur():
    assert [lettre(rang) for rang in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
