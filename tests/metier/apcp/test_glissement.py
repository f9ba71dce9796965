"""Delays observed, and what they make of the payments left."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.apcp import OBSERVES_MIN, Attendu, Glissement, Observation, Paiement, observer, projeter
from arpent.metier.argent import ZERO

D = Decimal
JOUR = date(2026, 9, 1)
RETARDS = (0, 0, 10, 20, 30, 40, 60, 100)


def observes(*retards: int) -> list[Observation]:
    return [Observation(JOUR, JOUR + timedelta(days=r)) for r in retards]


def test_le_cas_travaille_de_la_page() -> None:
    attendus = projeter([Paiement(date(2026, 11, 30), D("90000.00"))], observer(observes(*RETARDS)), JOUR)
    assert attendus == (
        Attendu(2026, D("56250.00"), ZERO, D("90000.00")),
        Attendu(2027, D("33750.00"), ZERO, D("90000.00")),
    )


def test_la_methode_dit_sur_combien_de_versements_elle_repose() -> None:
    assert observer(observes(*RETARDS)).methode.startswith(
        "Retards observés sur 8 versements\u00a0: médiane 25 jours, du premier au dernier cinquième 4 à 52 "
    )
    assert "médiane 30 jours" in observer(observes(*RETARDS, 200)).methode


@pytest.mark.parametrize(("n", "suite"), [(0, "il n’y en a aucun."), (7, "il y en a 7.")])
def test_trop_peu_d_observations_ni_correction_ni_intervalle(n: int, suite: str) -> None:
    lu = observer(observes(*RETARDS[:n]))
    assert not lu.corrige
    assert lu.methode.endswith(suite)
    assert f"il faut {OBSERVES_MIN}" in lu.methode
    assert projeter([Paiement(date(2026, 11, 30), D("90"))], lu, JOUR) == (Attendu(2026, D("90.00")),)


def test_ce_qui_aurait_du_etre_paye_est_attendu_a_partir_d_aujourd_hui() -> None:
    attendus = projeter([Paiement(date(2024, 5, 1), D("10"))], observer([]), JOUR)
    assert [a.annee for a in attendus] == [2026]


def test_rien_a_payer_rien_d_attendu() -> None:
    assert projeter([], observer([]), JOUR) == ()
    assert projeter([Paiement(JOUR, ZERO)], observer([]), JOUR) == ()


def test_un_versement_en_avance_est_un_retard_negatif() -> None:
    assert observer(observes(5, -12)).retards == (-12, 5)


@given(
    st.lists(st.integers(1, 10_000_000), min_size=1, max_size=12),
    st.lists(st.integers(-200, 900), max_size=20),
)
def test_les_annees_font_le_total_au_centime_et_l_intervalle_contient_l_attendu(
    centimes: list[int], retards: list[int]
) -> None:
    paiements = [Paiement(JOUR + timedelta(days=137 * i), D(c) / 100) for i, c in enumerate(centimes)]
    glissement = Glissement(tuple(sorted(retards)), "")
    attendus = projeter(paiements, glissement, JOUR)
    assert sum((a.montant for a in attendus), ZERO) == D(sum(centimes)) / 100
    for a in attendus:
        if glissement.corrige:
            assert a.bas is not None
            assert a.haut is not None
            assert ZERO <= a.bas <= a.montant <= a.haut
        else:
            assert (a.bas, a.haut) == (None, None)
