"""The balance of a contract, and what stops its closing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.cloture import (
    EMPECHENT,
    LIBELLES_OUVERT,
    BilanCloture,
    GenreOuvert,
    LigneBilan,
    PointOuvert,
    refus_de_cloture,
)

D = Decimal
G = GenreOuvert


def ligne(vote: str, engage: str, paye: str) -> LigneBilan:
    return LigneBilan("Projet", D(vote), D(vote), D(engage), D(paye))


@pytest.mark.parametrize(
    ("vote", "engage", "paye", "rendu", "reste_du"),
    [
        ("100.00", "80.00", "80.00", "20.00", "0.00"),
        ("100.00", "80.00", "30.01", "20.00", "49.99"),
        ("100.00", "0.00", "0.00", "100.00", "0.00"),
        ("100.00", "100.00", "100.00", "0.00", "0.00"),
        ("0.00", "0.00", "0.00", "0.00", "0.00"),
    ],
)
def test_le_vote_se_retrouve_au_centime(vote: str, engage: str, paye: str, rendu: str, reste_du: str) -> None:
    bilan = BilanCloture((ligne(vote, engage, paye),))
    assert (bilan.rendu, bilan.reste_du, bilan.hors_vote) == (D(rendu), D(reste_du), D(0))


def test_un_engagement_au_dela_du_vote_se_voit() -> None:
    bilan = BilanCloture((ligne("10.00", "12.50", "12.50"), ligne("5.00", "5.00", "0.00")))
    assert (bilan.rendu, bilan.hors_vote, bilan.reste_du) == (D(0), D("2.50"), D("5.00"))
    assert (bilan.accorde, bilan.vote, bilan.engage, bilan.paye) == (
        D("15.00"), D("15.00"), D("17.50"), D("12.50"),
    )  # fmt: skip


@given(st.lists(st.tuples(*[st.integers(0, 10_000_000)] * 3), max_size=12))
def test_vote_egale_paye_reste_du_et_rendu(tires: list[tuple[int, int, int]]) -> None:
    lignes = []
    for brut in tires:
        paye, engage, vote = (D(n) / 100 for n in sorted(brut))
        lignes.append(LigneBilan("P", vote, vote, engage, paye))
    bilan = BilanCloture(tuple(lignes))
    assert bilan.paye + bilan.reste_du + bilan.rendu == bilan.vote
    assert bilan.hors_vote == 0


@pytest.mark.parametrize("genre", sorted(EMPECHENT))
def test_ce_qui_empeche_ne_se_passe_pas_d_un_motif(genre: GenreOuvert) -> None:
    refus = refus_de_cloture([PointOuvert(genre, "x"), PointOuvert(genre, "y")], "Pressé.")
    assert f"2 × {LIBELLES_OUVERT[genre].lower()}" in refus


@pytest.mark.parametrize("genre", sorted(set(GenreOuvert) - EMPECHENT))
def test_le_reste_demande_un_motif(genre: GenreOuvert) -> None:
    point = PointOuvert(genre, "x", D("10.00"))
    assert not point.empeche
    assert "Un point reste ouvert" in refus_de_cloture([point], "  ")
    assert "2 points restent ouverts" in refus_de_cloture([point, point], "")
    assert refus_de_cloture([point], "Le service voirie suit ce dossier.") == ""


def test_un_contrat_sans_rien_d_ouvert_se_clot_sans_motif() -> None:
    assert refus_de_cloture([], "") == ""
