"""The way of an indicator to its target, and the share of each euro by enjeu."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.evaluation import LIBELLES_CHEMIN, Chemin, contribution, liens_du_projet, trajet

D = Decimal


@pytest.mark.parametrize(
    ("reference", "cible", "valeur", "chemin", "parcouru"),
    [
        (D(10), D(20), None, Chemin.SANS_VALEUR, None),
        (D(10), None, D(12), Chemin.SANS_CIBLE, None),
        (D(10), D(20), D(12), Chemin.AVANCE, D("0.2")),
        (D(10), D(20), D(10), Chemin.STABLE, D(0)),
        (D(10), D(20), D(8), Chemin.RECULE, D("-0.2")),
        (D(10), D(20), D(20), Chemin.ATTEINT, D(1)),
        (D(10), D(20), D(25), Chemin.ATTEINT, D("1.5")),
        (D(20), D(10), D(15), Chemin.AVANCE, D("0.5")),
        (D(20), D(10), D(22), Chemin.RECULE, D("-0.2")),
        (None, D(8), D(2), Chemin.AVANCE, D("0.25")),
        (D(5), D(5), D(5), Chemin.ATTEINT, None),
        (D(5), D(5), D(6), Chemin.RECULE, None),
    ],
)
def test_le_chemin_vers_la_cible(
    reference: D | None, cible: D | None, valeur: D | None, chemin: Chemin, parcouru: D | None
) -> None:
    lu = trajet(reference, cible, valeur)
    assert (lu.chemin, lu.parcouru) == (chemin, parcouru)
    assert LIBELLES_CHEMIN[lu.chemin]


def test_chaque_euro_va_aux_enjeux_de_son_projet_au_centime() -> None:
    """The worked table of the algorithm page."""
    montants = {1: D("10000.00"), 2: D("100.00"), 3: D("7.00"), 4: D("1.00")}
    liens = {1: {7: D(1)}, 2: {7: D(2), 8: D(1)}, 4: {7: D(0)}}
    assert contribution(montants, liens) == {7: D("10066.67"), 8: D("33.33"), None: D("8.00")}


@given(
    st.dictionaries(st.integers(1, 30), st.integers(0, 10**9), max_size=12),
    st.dictionaries(
        st.integers(1, 30), st.dictionaries(st.integers(1, 9), st.integers(0, 9), max_size=5), max_size=12
    ),
)
def test_le_partage_ne_perd_ni_ne_cree_un_centime(
    centimes: dict[int, int], poids: dict[int, dict[int, int]]
) -> None:
    montants = {p: D(c) / 100 for p, c in centimes.items()}
    liens = {p: {e: D(x) for e, x in siens.items()} for p, siens in poids.items()}
    parts = contribution(montants, liens)
    assert sum(parts.values(), D(0)) == sum(montants.values(), D(0))
    assert all(x >= 0 for x in parts.values())


def test_un_projet_sert_son_enjeu_ou_ceux_de_son_axe() -> None:
    assert liens_du_projet(3, [4, 5], {4: D(9)}) == {3: D(1)}
    assert liens_du_projet(None, [4, 5], {4: D(9)}) == {4: D(9), 5: D(1)}
    assert liens_du_projet(None, [], {}) == {}
