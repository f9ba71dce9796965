"""Comparison of two maquettes."""

from dataclasses import replace
from decimal import Decimal as D

from arpent.metier.plan_financement import Maquette, Total
from arpent.metier.scenarios import Changement, comparer, par_habitant
from tests.metier.plan_financement.test_maquette import ligne

AVANT = Maquette((ligne(1, "20000.00"), ligne(2, "10000.00"), ligne(3, "5000.00")))


def test_deux_maquettes_egales_n_ont_pas_de_difference() -> None:
    comparaison = comparer(AVANT, AVANT)
    assert comparaison.est_vide
    assert comparaison.net == 0


def test_entrees_sorties_et_changements_sont_nommes() -> None:
    premiere = AVANT.lignes[0]
    changee = replace(premiere, aide_proposee=D("25000.00"), annee=2027)
    comparaison = comparer(AVANT, Maquette((changee, AVANT.lignes[2], ligne(4, "1000.00"))))
    assert [ajoutee.numero for ajoutee in comparaison.ajoutees] == [4]
    assert [retiree.numero for retiree in comparaison.retirees] == [2]
    [modifiee] = comparaison.modifiees
    assert modifiee.changements == (
        Changement("annee", 2026, 2027),
        Changement("aide_proposee", D("20000.00"), D("25000.00")),
    )
    assert modifiee.net == D("5000.00")
    assert comparaison.net == D("-4000.00")
    assert not comparaison.est_vide


def test_differer_une_ligne_lui_retire_son_aide() -> None:
    apres = Maquette((replace(AVANT.lignes[0], decision="differee"), *AVANT.lignes[1:]))
    [modifiee] = comparer(AVANT, apres).modifiees
    assert modifiee.net == D("-20000.00")


def test_l_aide_par_habitant_est_inconnue_sans_population() -> None:
    totaux = [Total(cle, 1, D("10.00"), D("5.00"), D("100.00")) for cle in ("Mende", "Cubières", "SDEE")]
    assert par_habitant(totaux, {"Mende": 3, "Cubières": 0}) == {
        "Mende": D("33.33"),
        "Cubières": None,
        "SDEE": None,
    }
