"""A territory and its twins over time: sums recomputed, median of territories, before and after."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arpent.metier.trajectoires import (
    Mesure,
    PointCompare,
    Trajectoire,
    ecart,
    ensemble_de,
    mediane,
)

D = Decimal


def m(haut: int, bas: int) -> Mesure:
    return Mesure(D(haut), D(bas))


TROIS = (m(10, 100), m(30, 100), m(200, 1000))
T = Trajectoire(
    D(100),
    (
        PointCompare("2016", 2016, m(20, 100), TROIS),
        PointCompare("2022", 2022, m(25, 100), (m(12, 100), m(30, 100), m(220, 1000))),
        PointCompare("2024", 2024, None, TROIS[:2]),
    ),
    signature=2022,
)


def test_l_ensemble_est_recalcule_jamais_moyenne() -> None:
    assert ensemble_de(TROIS) == m(240, 1200)
    assert T.ensemble(T.points[0]) == D(20)
    assert T.mediane(T.points[0]) == D(20)
    assert ensemble_de(()) is None


def test_la_mediane_se_donne_a_partir_de_trois() -> None:
    assert T.mediane(T.points[2]) is None
    assert mediane([D(1), D(4), D(2), D(3)]) == D("2.5")


def test_avant_et_apres_la_signature() -> None:
    assert [p.millesime for p in T.avant] == ["2016", "2022"]
    assert [p.millesime for p in T.apres] == ["2024"]
    assert Trajectoire(D(1), T.points).apres == ()


def test_l_ecart_se_lit_entre_deux_millesimes_communs() -> None:
    lu = ecart(T)
    assert lu is not None
    assert (lu.debut, lu.fin, lu.territoire, lu.jumeaux, lu.difference) == ("2016", "2022", D(5), D(2), D(3))


@pytest.mark.parametrize("points", [T.points[:1], (), T.points[2:]])
def test_sans_deux_millesimes_il_n_y_a_pas_d_ecart(points: tuple[PointCompare, ...]) -> None:
    assert ecart(Trajectoire(D(100), points)) is None


def test_sans_denominateur_pas_de_valeur() -> None:
    assert m(1, 0).valeur(D(100)) is None
