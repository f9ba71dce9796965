"""Generations side by side: the sum of the themes is the total, to the cent."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.generations import SANS_THEME, Bilan, ProjetCompte, comparer

D = Decimal


def projet(theme: str, accorde: str, paye: str = "0") -> ProjetCompte:
    return ProjetCompte(theme, Bilan(1, D(accorde), D(accorde), D(paye), D(paye)))


def test_deux_generations_se_lisent_theme_par_theme() -> None:
    avant = [projet("Voirie", "100.10", "50.05"), projet("", "10")]
    apres = [projet("Voirie", "20"), projet("École", "30", "30"), projet("École", "0.01")]
    lu = comparer([avant, apres])
    assert [x.theme for x in lu.lignes] == ["École", "Voirie", SANS_THEME]
    assert [b.projets for b in lu.lignes[0].bilans] == [0, 2]
    assert lu.totaux[0].accorde == D("110.10")
    assert lu.totaux[1].execution == D(30) / D("50.01")
    assert lu.lignes[1].bilans[0].execution == D("0.5")
    assert Bilan().execution is None


def test_une_seule_generation_ou_aucune() -> None:
    assert comparer([[]]).totaux == (Bilan(),)
    assert comparer([]).lignes == ()


@given(st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.integers(0, 10_000_000)), max_size=20))
def test_aucun_centime_ne_se_perd(lus: list[tuple[str, int]]) -> None:
    lu = comparer([[projet(t, str(D(n) / 100)) for t, n in lus]])
    assert sum((x.bilans[0].accorde for x in lu.lignes), D(0)) == D(sum(n for _, n in lus)) / 100
    assert lu.totaux[0].projets == len(lus)
