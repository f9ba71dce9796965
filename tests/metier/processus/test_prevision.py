"""The forecast of the signature: the pace observed, what is left, the interval, what is said of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.processus import Pas, Terme, observer, prevoir, prevoir_etapes
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


def test_chaque_etape_restante_a_son_terme_et_la_derniere_est_la_signature() -> None:
    """First step done in 150 days instead of 100: the two left end 150 days later, then 300."""
    termes = prevoir_etapes(chemin(150, None, None), OUVERTURE, jour(160), [])
    assert termes == (None, Terme(jour(300), None, None), Terme(jour(450), None, None))


def test_les_termes_suivent_l_ordre_donne_et_non_celui_des_dates() -> None:
    a, b, c = chemin(150, None, None)
    assert prevoir_etapes([c, a, b], OUVERTURE, jour(160), []) == (
        Terme(jour(450), None, None), None, Terme(jour(300), None, None),
    )  # fmt: skip


def test_deux_etapes_de_front_ont_le_meme_terme() -> None:
    front = [Pas(jour(100), None), Pas(jour(100), None)]
    premier, second = prevoir_etapes(front, OUVERTURE, jour(0), [])
    assert premier == second == Terme(jour(100), None, None)


def test_aucune_etape_restante_n_est_attendue_avant_aujourd_hui() -> None:
    termes = prevoir_etapes(chemin(None, None), OUVERTURE, jour(500), [])
    assert [t.le for t in termes if t] == [jour(500), jour(600)]


def test_a_quatre_territoires_chaque_etape_a_son_intervalle() -> None:
    premier, _ = prevoir_etapes(chemin(None, None), OUVERTURE, jour(1), [0.8, 1.0, 1.2, 2.0])
    assert premier is not None
    assert premier.tot is not None
    assert premier.tard is not None
    assert premier.tot < premier.le < premier.tard


def test_sans_etape_il_n_y_a_aucun_terme() -> None:
    assert prevoir_etapes([], OUVERTURE, jour(1), [1.0]) == ()


@given(
    st.lists(st.tuples(st.integers(1, 900), st.none() | st.integers(0, 900)), min_size=1, max_size=8),
    st.integers(0, 900),
    st.lists(st.floats(RYTHME_MIN, RYTHME_MAX), max_size=6),
)
def test_les_termes_se_suivent_et_le_dernier_est_la_prevision_de_signature(
    etapes: list[tuple[int, int | None]], today: int, autres: list[float]
) -> None:
    pas = [Pas(jour(p), None if f is None else jour(f)) for p, f in sorted(etapes, key=lambda e: e[0])]
    termes = prevoir_etapes(pas, OUVERTURE, jour(today), autres)
    assert [t is None for t in termes] == [p.faite_le is not None for p in pas]
    restants = [t for t in termes if t]
    assert [t.le for t in restants] == sorted(t.le for t in restants)
    for t in restants:
        assert t.le >= jour(today)
        assert (t.tot is None) == (t.tard is None)
        assert t.tot is None or t.tard is None or t.tot <= t.le <= t.tard
    signature = prevoir(pas, OUVERTURE, jour(today), autres)
    if termes[-1] is not None:
        assert (termes[-1].le, termes[-1].tot, termes[-1].tard) == (
            signature.le, signature.tot, signature.tard,
        )  # fmt: skip
