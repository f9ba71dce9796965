"""The forecast of the signature: the pace observed, what is left, the interval, what is said of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.processus import Pas, observer, prevoir
from arpent.metier.processus.prevision import RYTHME_MAX, RYTHME_MIN

OUVERTURE = date(2026, 1, 1)


def jour(n: int) -> date:
    return OUVERTURE + timedelta(days=n)


def chemin(*faits: int | None) -> list[Pas]:
    """Steps planned every 100 days, done on the days given."""
    return [Pas(jour(100 * (i + 1)), None if f is None else jour(f)) for i, f in enumerate(faits)]


def test_sans_rien_d_observe_ce_sont_les_durees_du_processus() -> None:
    p = prevoir(chemin(None, None, None), OUVERTURE, jour(10), [])
    assert (p.le, p.tot, p.tard, p.rythme, p.signee) == (jour(300), None, None, 1.0, False)
    assert "sans correction" in p.methode
    assert "il y en a 0" in p.methode


def test_le_retard_deja_pris_et_le_rythme_s_ajoutent() -> None:
    """Done in 150 days instead of 100: what is left, 200 days, takes 300."""
    p = prevoir(chemin(150, None, None), OUVERTURE, jour(160), [])
    assert p.rythme == 1.5
    assert p.le == jour(150 + 300)
    assert "Rythme de ce territoire sur 1 étape(s)" in p.methode


def test_rien_de_ce_qui_reste_n_est_attendu_avant_aujourd_hui() -> None:
    p = prevoir(chemin(None, None), OUVERTURE, jour(500), [])
    assert p.le == jour(500 + 100)


def test_un_territoire_qui_commence_emprunte_le_rythme_des_autres() -> None:
    p = prevoir(chemin(None, None), OUVERTURE, jour(0), [2.0, 2.0, 1.0])
    assert (p.rythme, p.le) == (2.0, jour(400))
    assert "Rythme médian de 3 autre(s)" in p.methode


def test_le_rythme_propre_est_rapproche_de_celui_des_autres() -> None:
    """One finished step at 1.0 against a median of 2.0 that weighs three."""
    p = prevoir(chemin(100, None), OUVERTURE, jour(100), [2.0])
    assert p.rythme == pytest.approx(1.75)
    assert "rapproché du médian de 1 autre(s)" in p.methode


def test_l_intervalle_demande_quatre_territoires_observes() -> None:
    p = prevoir(chemin(100, None), OUVERTURE, jour(100), [0.8, 1.2, 1.6])
    assert p.tot is not None
    assert p.tard is not None
    assert p.le is not None
    assert p.tot <= p.le <= p.tard
    assert "Intervalle" in p.methode
    assert "4 territoires" in p.methode


def test_un_contrat_signe_n_est_plus_prevu() -> None:
    p = prevoir(chemin(90, 210), OUVERTURE, jour(300), [1.0] * 9)
    assert (p.le, p.signee, p.tot) == (jour(210), True, None)


def test_sans_etape_de_signature_il_n_y_a_pas_de_date() -> None:
    p = prevoir([], OUVERTURE, jour(1), [])
    assert p.le is None
    assert "aucune signature" in p.methode


def test_deux_etapes_menees_ensemble_ne_s_ajoutent_pas() -> None:
    ensemble = [Pas(jour(100), None), Pas(jour(100), None), Pas(jour(200), None)]
    assert prevoir(ensemble, OUVERTURE, jour(0), []).le == jour(200)


def test_le_rythme_se_lit_jusqu_a_la_derniere_etape_faite() -> None:
    assert observer(chemin(None), OUVERTURE).rythme is None
    assert observer(chemin(120, None), OUVERTURE).rythme == pytest.approx(1.2)
    assert observer([Pas(OUVERTURE, jour(3))], OUVERTURE).rythme is None
    assert observer(chemin(-50), OUVERTURE).rythme == RYTHME_MIN
    assert observer(chemin(1000), OUVERTURE).rythme == RYTHME_MAX


PAS = st.lists(
    st.builds(
        lambda prevu, fait: Pas(jour(prevu), None if fait is None else jour(fait)),
        st.integers(0, 900),
        st.none() | st.integers(0, 900),
    ),
    min_size=1,
    max_size=8,
)


@given(PAS, st.integers(0, 1200), st.lists(st.floats(0.5, 3), max_size=8))
def test_une_prevision_n_est_jamais_passee_et_tient_dans_son_intervalle(
    pas: list[Pas], aujourd_hui: int, autres: list[float]
) -> None:
    p = prevoir(pas, OUVERTURE, jour(aujourd_hui), autres)
    assert p.le is not None
    if not p.signee:
        assert p.le >= jour(aujourd_hui)
    if p.tot is not None and p.tard is not None:
        assert p.tot <= p.le <= p.tard
