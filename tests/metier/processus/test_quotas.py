"""How many meetings a year calls for: what is due, what is late, what is made up for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.processus import Quota, Seance, echeances, par_an_attendu, suivre

DEPUIS = date(2020, 1, 1)
FIN_JUIN, FIN_ANNEE = date(2026, 6, 30), date(2026, 12, 31)


def tenues(*jours: date) -> list[Seance]:
    return [Seance(jour, True) for jour in jours]


@pytest.mark.parametrize(
    ("frequence", "par_an", "echelle", "ensemble", "attendu"),
    [
        ("annuelle", None, "territoire", False, 1),
        ("annuelle", 2, "territoire", False, 2),
        ("a_la_demande", None, "territoire", False, None),
        ("a_la_demande", 3, "territoire", False, 3),
        ("une_fois", 1, "territoire", False, None),
        ("annuelle", 5, "ville", False, 1),
        ("annuelle", 5, "ville", True, 5),
        ("annuelle", 2, "dispositif", False, 2),
    ],
)
def test_combien_une_annee_en_demande(
    frequence: str, par_an: int | None, echelle: str, ensemble: bool, attendu: int | None
):
    assert par_an_attendu(frequence, par_an, echelle, ensemble=ensemble) == attendu


@pytest.mark.parametrize(
    ("nombre", "fins"),
    [
        (1, [(12, 31)]),
        (2, [(6, 30), (12, 31)]),
        (5, [(3, 31), (5, 31), (8, 31), (10, 31), (12, 31)]),
        (4, [(3, 31), (6, 30), (9, 30), (12, 31)]),
    ],
)
def test_l_annee_se_partage_en_periodes_egales(nombre: int, fins: list[tuple[int, int]]):
    assert echeances(2026, nombre, DEPUIS) == tuple(date(2026, m, d) for m, d in fins)


@pytest.mark.parametrize(
    ("depuis", "attendues"),
    [
        (date(2026, 1, 15), (FIN_JUIN, FIN_ANNEE)),
        (date(2026, 4, 15), (FIN_ANNEE,)),
        (date(2026, 11, 1), ()),
        (date(2027, 1, 1), ()),
    ],
)
def test_une_periode_a_moitie_passee_a_l_ouverture_ne_compte_pas(depuis: date, attendues: tuple[date, ...]):
    assert echeances(2026, 2, depuis) == attendues


def test_une_sur_deux_et_la_prochaine_avant_la_fin_de_l_annee():
    lu = suivre(2, DEPUIS, tenues(date(2025, 3, 1), date(2025, 9, 1), date(2026, 2, 3)), date(2026, 5, 1))
    assert lu == Quota(2026, attendues=2, tenues=1, avant_le=FIN_ANNEE)
    assert not lu.a_convoquer


def test_le_jour_meme_n_est_pas_un_retard_le_lendemain_si():
    faites = tenues(date(2025, 3, 1), date(2025, 9, 1))
    assert suivre(2, DEPUIS, faites, FIN_JUIN).retard == 0
    lu = suivre(2, DEPUIS, faites, FIN_JUIN + timedelta(days=1))
    assert (lu.avant_le, lu.retard, lu.manquent, lu.a_convoquer) == (FIN_JUIN, 1, 1, True)


def test_une_reunion_preparee_repare_le_retard_sans_l_effacer():
    seances = [*tenues(date(2025, 3, 1), date(2025, 9, 1)), Seance(date(2026, 7, 20), False)]
    lu = suivre(2, DEPUIS, seances, date(2026, 7, 2))
    assert (lu.retard, lu.prochaine, lu.a_convoquer) == (2, date(2026, 7, 20), False)


def test_une_reunion_preparee_dont_le_jour_est_passe_ne_compte_pour_rien():
    lu = suivre(1, date(2026, 1, 1), [Seance(date(2026, 3, 1), False)], date(2026, 4, 1))
    assert (lu.tenues, lu.prochaine, lu.prevues) == (0, None, 0)


def test_ce_qui_manquait_l_an_dernier_reste_en_retard_jusqu_a_la_premiere_reunion():
    lu = suivre(1, DEPUIS, [], date(2026, 2, 1))
    assert (lu.avant_le, lu.retard, lu.tenues, lu.attendues) == (date(2025, 12, 31), 32, 0, 1)
    apres = suivre(1, DEPUIS, tenues(date(2026, 2, 1)), date(2026, 2, 1))
    assert (apres.retard, apres.avant_le, apres.tenues) == (0, None, 1)


def test_une_demarche_ouverte_cette_annee_ne_doit_rien_a_l_an_dernier():
    lu = suivre(1, date(2026, 1, 5), [], date(2026, 2, 1))
    assert (lu.avant_le, lu.retard) == (FIN_ANNEE, 0)


def test_l_annee_complete_n_attend_plus_rien():
    lu = suivre(2, DEPUIS, tenues(date(2026, 1, 9), date(2026, 2, 9), date(2026, 3, 9)), date(2026, 12, 31))
    assert (lu.tenues, lu.attendues, lu.avant_le, lu.retard) == (3, 2, None, 0)


@given(
    st.integers(1, 24),
    st.dates(date(2019, 1, 1), date(2027, 12, 31)),
    st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=30),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_un_retard_a_toujours_une_echeance_passee_et_tenir_une_reunion_n_aggrave_rien(
    nombre: int, depuis: date, jours: list[date], today: date
):
    seances = tenues(*jours)
    lu = suivre(nombre, depuis, seances, today)
    assert (lu.retard > 0) == (lu.manquent > 0) == (lu.avant_le is not None and lu.avant_le < today)
    assert len(echeances(today.year, nombre, depuis)) == lu.attendues <= nombre
    apres = suivre(nombre, depuis, [*seances, Seance(today, True)], today)
    assert apres.manquent <= lu.manquent
    assert apres.tenues == lu.tenues + 1
