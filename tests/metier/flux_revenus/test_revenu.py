"""Incomes, coefficients, intervals and cells: the small bricks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.flux_revenus import Fourchette, deriver_coefficients
from arpent.metier.flux_revenus.fourchette import somme
from arpent.metier.flux_revenus.lecture import nombre
from arpent.metier.flux_revenus.revenu import moyenne_sur_mediane, unites_consommation

from .territoires import COMMUNES


@pytest.mark.parametrize(
    ("menages", "personnes", "part_enfants", "unites"),
    [
        (1, 1, "0", "1"),
        (1, 2, "0", "1.5"),
        (1, 4, "0.5", "2.1"),  # deux adultes et deux enfants
        (10, 10, "0.5", "10"),  # les premiers adultes ne sont jamais des enfants
    ],
)
def test_les_unites_de_consommation_suivent_l_echelle_de_l_insee(
    menages: int, personnes: int, part_enfants: str, unites: str
) -> None:
    assert unites_consommation(Decimal(menages), Decimal(personnes), Decimal(part_enfants)) == Decimal(unites)


def test_la_moyenne_depasse_la_mediane_quand_les_revenus_sont_inegaux() -> None:
    assert moyenne_sur_mediane(Decimal(1)) == 1
    assert round(moyenne_sur_mediane(Decimal("3.4")), 2) == Decimal("1.12")
    with pytest.raises(ValueError, match="D9/D1"):
        moyenne_sur_mediane(Decimal("0.9"))


def test_les_coefficients_se_recalculent_sur_les_communes_a_decomposition_complete() -> None:
    coefficients = deriver_coefficients(COMMUNES)
    assert coefficients.communes == 4  # Mende, Marvejols, Guéret, La Souterraine
    assert Decimal("1.1") < coefficients.revenu_activite.central < Decimal("1.4")
    assert Decimal("0.7") < coefficients.pension.central < Decimal("1.1")
    assert coefficients.pension.bas <= coefficients.pension.central <= coefficients.pension.haut


def test_trop_peu_de_communes_completes_ne_donnent_pas_de_coefficient() -> None:
    with pytest.raises(ValueError, match="Moins de quatre communes"):
        deriver_coefficients(COMMUNES[:3])


def test_une_commune_aux_chiffres_impossibles_est_ecartee_des_coefficients() -> None:
    impossible = {**next(c for c in COMMUNES if c["PPEN21"]), "chomeurs_15_64_2021": "999999"}
    assert deriver_coefficients([*COMMUNES, impossible]) == deriver_coefficients(COMMUNES)


@pytest.mark.parametrize("absente", [None, "", " ", "s", "nd", "NaN", float("nan"), float("inf")])
def test_une_cellule_absente_ou_secrete_n_est_pas_un_nombre(absente: str | float | None) -> None:
    assert nombre(absente) is None


@pytest.mark.parametrize(("cellule", "valeur"), [("12,5", "12.5"), ("0", "0"), (3, "3"), (2.5, "2.5")])
def test_une_cellule_se_lit_avec_virgule_ou_point(cellule: str | float, valeur: str) -> None:
    assert nombre(cellule) == Decimal(valeur)


def test_une_fourchette_desordonnee_est_refusee() -> None:
    with pytest.raises(ValueError, match="n’est pas ordonnée"):
        Fourchette(Decimal(2), Decimal(1), Decimal(3))


def test_la_somme_de_rien_n_est_pas_zero() -> None:
    assert somme([]) is None


_fourchettes = st.lists(st.integers(0, 10**9), min_size=3, max_size=3).map(
    lambda v: Fourchette(*(Decimal(x) for x in sorted(v)))
)


@given(_fourchettes, _fourchettes)
def test_produit_quotient_et_reste_restent_ordonnes(a: Fourchette, b: Fourchette) -> None:
    for resultat in (a * b, a.reste_de(b), a.plafonnee(b.central), a.arrondie()):
        bas, central, haut = resultat.valeurs
        assert 0 <= bas <= central <= haut
    if b.bas > 0:
        quotient = a / b
        assert quotient.bas <= quotient.central <= quotient.haut
