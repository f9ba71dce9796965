"""Guessing which column is what."""

import pytest

from arpent.metier.plan_financement import StatutFinancement
from arpent.plateforme.echanges.correspondance import CHAMPS, deviner, mots, statut_de


@pytest.mark.parametrize(
    ("entetes", "attendu"),
    [
        (("Intitulé", "Maître d’ouvrage", "Coût HT"), {"titre": 0, "mo": 1, "cout_ht": 2}),
        (("OPERATION", "Bénéficiaire", "Montant total (€ HT)"), {"titre": 0, "mo": 1, "cout_ht": 2}),
        (("Projet", "Porteur", "Coût total H.T. en euros", "Coût TTC"), {"titre": 0, "mo": 1, "cout_ht": 2, "cout_ttc": 3}),
        (("DETR", "Région", "Fonds propres", "Autres aides"), {"etat": 0, "region": 1, "autofinancement": 2, "autre_public": 3}),
        (("Aide demandée", "Aide Région"), {"aide_demandee": 0, "region": 1}),
        (("Couleur", "", "Colonne 12"), {}),
    ],
)  # fmt: skip
def test_les_mots_des_gens_sont_reconnus(entetes, attendu):
    assert deviner(entetes) == attendu


def test_l_exemple_fourni_est_reconnu_en_entier():
    assert deviner([c.libelle for c in CHAMPS]) == {c.code: i for i, c in enumerate(CHAMPS)}


def test_une_colonne_ne_sert_qu_une_fois():
    colonnes = deviner(["Montant", "Montant", "Montant"])
    assert len(set(colonnes.values())) == len(colonnes)


def test_l_unite_et_les_parentheses_ne_comptent_pas():
    assert mots("Coût total (€ HT)") == "cout total ht"


@pytest.mark.parametrize(
    ("entete", "statut"),
    [("DETR (acquis)", "acquis"), ("Subvention obtenue", "acquis"), ("Région sollicitée", "sollicite"), ("UE", "envisage")],
)  # fmt: skip
def test_le_statut_se_lit_dans_l_entete(entete, statut):
    assert statut_de(entete) is StatutFinancement(statut)
