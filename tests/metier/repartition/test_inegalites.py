"""Gini and Theil on cases one can check by hand."""

import math
from decimal import Decimal as D

import pytest

from arpent.metier.repartition import mesurer

GENS = {"a": D(100), "b": D(100)}


def test_le_meme_euro_par_habitant_ne_mesure_rien() -> None:
    mesure = mesurer({"a": D(500), "b": D(1500)}, {"a": D(100), "b": D(300)})
    assert mesure is not None
    assert (mesure.gini, mesure.theil, mesure.bas, mesure.haut) == (0, 0, D(5), D(5))
    assert mesure.en_mots.startswith("Chaque habitant compte autant")


def test_tout_a_l_un_des_deux_donne_un_demi() -> None:
    mesure = mesurer({"a": D(1000), "b": D(0)}, GENS)
    assert mesure is not None
    assert mesure.gini == 0.5
    assert float(mesure.theil) == pytest.approx(math.log(2))
    assert "diffèrent en moyenne de 100 % de la moyenne" in mesure.en_mots


def test_un_contre_trois_se_calcule_a_la_main() -> None:
    mesure = mesurer({"a": D(100), "b": D(300)}, GENS)
    assert mesure is not None
    assert mesure.gini == 0.25
    assert float(mesure.theil) == pytest.approx(0.5 * (0.5 * math.log(0.5) + 1.5 * math.log(1.5)))


@pytest.mark.parametrize(("montants", "gens"), [({"a": D(0)}, GENS), ({"a": D(5)}, {"a": D(0)}), ({}, GENS)])
def test_sans_argent_ou_sans_habitant_rien_n_est_mesure(montants: dict[str, D], gens: dict[str, D]) -> None:
    assert mesurer(montants, gens) is None
