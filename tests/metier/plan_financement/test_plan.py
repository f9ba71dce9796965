"""Financing plans: totals, gaps, the owner's share."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financement,
    Financeur,
    Plan,
    StatutFinancement,
    marge_cumul,
    marge_participation_minimale,
    participation_minimale,
)

ACQUIS, REFUSE = StatutFinancement.ACQUIS, StatutFinancement.REFUSE


def ligne(financeur: Financeur, montant: str, statut: StatutFinancement = ACQUIS) -> Financement:
    return Financement(financeur, LIBELLES_FINANCEUR[financeur], D(montant), statut)


PLAN = Plan(
    D("200000.00"),
    (
        ligne(Financeur.ETAT, "100000.00"),
        ligne(Financeur.ETAT, "20000.00"),
        ligne(Financeur.REGION, "15000.00", REFUSE),
        ligne(Financeur.PRIVE, "10000.00"),
        ligne(Financeur.EPCI, "20000.00", StatutFinancement.SOLLICITE),
        ligne(Financeur.AUTOFINANCEMENT, "40000.00"),
    ),
)


def test_un_financement_refuse_ne_compte_pas() -> None:
    assert PLAN.total == D("190000.00")
    assert PLAN.ecart == D("10000.00")
    assert not PLAN.est_equilibre
    assert PLAN.par_financeur() == {
        Financeur.ETAT: D("120000.00"),
        Financeur.EPCI: D("20000.00"),
        Financeur.PRIVE: D("10000.00"),
        Financeur.AUTOFINANCEMENT: D("40000.00"),
    }


def test_l_argent_prive_est_compte_a_part() -> None:
    assert PLAN.total_public == D("180000.00")
    assert PLAN.total_prive == D("10000.00")
    assert PLAN.aides_publiques == D("140000.00")
    assert PLAN.taux_aides_publiques == D("0.7")


def test_la_part_du_maitre_d_ouvrage_comprend_ce_que_personne_ne_couvre() -> None:
    assert PLAN.part_maitre_ouvrage == D("50000.00")


def test_un_plan_sans_cout_a_un_taux_nul() -> None:
    assert Plan(D("0.00"), ()).taux_aides_publiques == 0
    assert Plan(D("0.00"), ()).est_equilibre


@given(
    st.lists(st.tuples(st.sampled_from(Financeur), st.sampled_from(StatutFinancement), st.integers(0, 10**7)))
)
def test_les_totaux_se_recoupent_toujours(lignes: list[tuple[Financeur, StatutFinancement, int]]) -> None:
    plan = Plan(
        D("150000.00"), tuple(Financement(f, f.value, D(centimes).scaleb(-2), s) for f, s, centimes in lignes)
    )
    assert plan.total_public + plan.total_prive == plan.total == sum(plan.par_financeur().values())
    propre = plan.par_financeur().get(Financeur.AUTOFINANCEMENT, D(0))
    assert plan.part_maitre_ouvrage == propre + plan.ecart


@pytest.mark.parametrize("montant", ["-0.01", "NaN", "Infinity"])
def test_un_montant_negatif_ou_illisible_est_refuse(montant: str) -> None:
    with pytest.raises(ValueError, match="positif"):
        ligne(Financeur.ETAT, montant)


def test_un_montant_plus_fin_que_le_centime_est_refuse() -> None:
    with pytest.raises(ValueError, match="arrondi au centime"):
        Plan(D("10.001"), ())


def test_chaque_financeur_et_chaque_statut_a_un_libelle() -> None:
    assert set(LIBELLES_FINANCEUR) == set(Financeur)
    assert set(LIBELLES_STATUT) == set(StatutFinancement)


def test_seul_l_argent_prive_n_est_pas_public() -> None:
    assert {f for f in Financeur if not f.est_public} == {Financeur.PRIVE}
    assert {f for f in Financeur if f.est_public and not f.est_aide_publique} == {Financeur.AUTOFINANCEMENT}


# Cost HT, private, other aids, expected minimum, room of one more public funder; 20 % floor.
@pytest.mark.parametrize(
    ("cout", "prive", "autres", "minimum", "marge"),
    [
        ("200000.00", "0.00", "120000.00", "40000.00", "40000.00"),
        ("200000.00", "0.00", "140000.00", "40000.00", "20000.00"),
        ("200000.00", "50000.00", "120000.00", "30000.00", "0.00"),
        ("107141.00", "0.00", "85713.00", "21428.20", "0.00"),
        ("100.00", "150.00", "0.00", "0.00", "0.00"),
    ],
)
def test_la_participation_minimale_laisse_une_marge(
    cout: str, prive: str, autres: str, minimum: str, marge: str
) -> None:
    plancher = participation_minimale(D(cout), D(prive), D("0.20"))
    assert plancher == D(minimum)
    assert marge_participation_minimale(D(cout), D(prive), D(autres), plancher) == D(marge)


def test_le_cumul_avec_l_etat_laisse_une_marge_sur_l_assiette() -> None:
    assert marge_cumul(D("200000.00"), D("120000.00"), D("0.80")) == D("40000.00")
    assert marge_cumul(D("100000.00"), D("85000.00"), D("0.80")) == 0
