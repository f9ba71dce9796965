"""Comparing orders of projects."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.classements import comparer, deplacer, dernier, ex_aequo, ordonner

RANGS = st.dictionaries(st.integers(1, 30), st.none() | st.integers(1, 9))


def test_deux_ordres_identiques_n_ont_aucune_paire_inversee():
    ordre = {"pont": 1, "école": 2, "gîte": 3}
    assert comparer(ordre, ordre).inversees == 0
    assert comparer(ordre, ordre).part == 0


def test_deux_ordres_opposes_ont_toutes_leurs_paires_inversees():
    resultat = comparer({"a": 1, "b": 2, "c": 3}, {"a": 3, "b": 2, "c": 1})
    assert (resultat.paires, resultat.inversees, resultat.part) == (3, 3, 1)


def test_les_ex_aequo_et_les_non_classes_ne_comptent_pas():
    assert comparer({"a": 1, "b": 1, "c": None}, {"a": 1, "b": 2, "c": 3}).paires == 0
    assert comparer({}, {}).part is None


@given(RANGS, RANGS)
def test_le_compte_rapide_est_celui_des_paires_une_a_une(un, autre):
    communs = [c for c in un if un[c] is not None and autre.get(c) is not None]
    distinctes = [(x, y) for x, y in combinations(communs, 2) if un[x] != un[y] and autre[x] != autre[y]]
    inverses = [(x, y) for x, y in distinctes if (un[x] < un[y]) != (autre[x] < autre[y])]
    resultat = comparer(un, autre)
    assert (resultat.paires, resultat.inversees) == (len(distinctes), len(inverses))


def test_les_ex_aequo_sont_nommes_par_rang():
    assert ex_aequo({"a": 2, "b": 1, "c": 2, "d": None}) == {2: ["a", "c"]}


def test_les_non_classes_viennent_a_la_fin():
    assert ordonner({"a": None, "b": 2, "c": 1}) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("cle", "pas", "attendu"),
    [
        ("b", -1, ["b", "a", "c"]),
        ("a", 1, ["b", "a", "c"]),
        ("a", -1, ["a", "b", "c"]),
        ("c", 5, ["a", "b", "c"]),
        ("d", -1, ["a", "b", "c", "d"]),
    ],
)
def test_un_projet_monte_ou_descend_d_une_place(cle, pas, attendu):
    nouveaux = deplacer({"a": 1, "b": 2, "c": 2, "d": None}, cle, pas)
    assert [c for c in ordonner(nouveaux) if nouveaux[c] is not None] == attendu


@given(RANGS.filter(bool), st.integers(-3, 3))
def test_deplacer_garde_chaque_projet_une_fois(rangs, pas):
    cle = next(iter(rangs))
    nouveaux = deplacer(rangs, cle, pas)
    classes = sorted(r for r in nouveaux.values() if r is not None)
    assert set(nouveaux) == set(rangs)
    assert classes == list(range(1, len(classes) + 1))


def test_le_dernier_rang_est_le_plus_grand():
    assert dernier([3, None, 1]) == 3
    assert dernier([None]) is None
