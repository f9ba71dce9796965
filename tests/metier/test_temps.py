"""Dates and deadlines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.temps import ajouter_jours_francs, ajouter_mois, annees_contrat


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 22), 3, date(2027, 2, 22)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_ajouter_des_mois_reste_dans_le_mois_vise(jour: date, mois: int, attendu: date) -> None:
    assert ajouter_mois(jour, mois) == attendu


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-240, 240))
def test_le_mois_obtenu_est_toujours_a_la_bonne_distance(jour: date, mois: int) -> None:
    obtenu = ajouter_mois(jour, mois)
    assert (obtenu.year - jour.year) * 12 + obtenu.month - jour.month == mois
    assert obtenu.day <= jour.day


def test_ni_le_jour_de_l_envoi_ni_celui_de_la_seance_ne_comptent() -> None:
    assert ajouter_jours_francs(date(2026, 9, 1), 5) == date(2026, 9, 7)


def test_un_contrat_signe_en_decembre_porte_l_annee_de_sa_signature() -> None:
    assert annees_contrat(date(2015, 12, 15), 3) == (2015, 2016, 2017)


def test_une_duree_nulle_est_refusee() -> None:
    with pytest.raises(ValueError, match="au moins une année"):
        annees_contrat(date(2015, 12, 15), 0)
