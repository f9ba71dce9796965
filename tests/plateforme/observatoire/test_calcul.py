"""The arithmetic: sums with coverage, ratios, growth, evolutions in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.calcul import Somme
from arpent.plateforme.observatoire.catalogue import Croissance, Evolution, Rapport
from arpent.plateforme.observatoire.derivation import deriver

SECRET = np.nan


def colonne(*valeurs: float) -> np.ndarray:
    return np.array(valeurs, dtype=float)


def test_un_rapport_n_est_pas_la_moyenne_des_rapports():
    somme = calcul.sommer(colonne(1, 90), colonne(10, 100), colonne(10, 100))
    valeur = calcul.valeur_de_somme(somme, Rapport("a", "b", 100))
    assert valeur == pytest.approx(91 / 110 * 100)
    assert valeur != pytest.approx((10 + 90) / 2)


def test_un_secret_ne_compte_pas_pour_zero_et_baisse_la_couverture():
    somme = calcul.sommer(colonne(5, SECRET), colonne(10, 30), colonne(10, 30))
    assert somme == Somme(5.0, 10.0, 0.25)


def test_sans_aucune_valeur_connue_il_n_y_a_pas_de_somme():
    assert calcul.sommer(colonne(SECRET), None, colonne(10)) is None


def test_un_denominateur_nul_ne_donne_pas_de_valeur():
    assert calcul.valeur_de_somme(Somme(3.0, 0.0, 1.0), Rapport("a", "b")) is None


@given(
    stn.arrays(float, 6, elements=st.one_of(st.just(np.nan), st.floats(0, 1e6))),
    stn.arrays(float, 6, elements=st.floats(1, 1e6)),
)
def test_la_somme_de_deux_perimetres_disjoints_est_celle_de_leur_reunion(haut, bas):
    tout = calcul.sommer(haut, bas, bas)
    morceaux = [
        m for m in (calcul.sommer(haut[:3], bas[:3], bas[:3]), calcul.sommer(haut[3:], bas[3:], bas[3:])) if m
    ]
    assert (tout is None) == (not morceaux)
    if tout:
        assert tout.numerateur == pytest.approx(sum(m.numerateur for m in morceaux))
        assert tout.denominateur == pytest.approx(sum(m.denominateur for m in morceaux))
        assert 0 < tout.couverture <= 1


@pytest.mark.parametrize(
    ("debut", "fin", "annees", "attendu"),
    [(100, 121, 2, 10.0), (100, 100, 5, 0.0), (100, 81, 2, -10.0), (0, 10, 2, None)],
)
def test_la_croissance_annuelle(debut, fin, annees, attendu):
    valeur = calcul.valeur_de_somme(Somme(fin, debut, 1.0), Croissance("d", "f", annees))
    assert valeur == (None if attendu is None else pytest.approx(attendu))


@pytest.mark.parametrize(
    ("forme", "millesime", "valeur", "texte"),
    [
        ("pct", "2012", 2.34, "+2,3\u00a0% depuis 2012"),
        ("points", "2016", -1.44, "−1,4\u00a0point depuis 2016"),
        ("points", "2016", 2.5, "+2,5\u00a0points depuis 2016"),
        ("points", "2011-2016", 0.2, "+0,20\u00a0point par rapport à 2011-2016"),
        ("ecart", "2019", -0.001, "0,00 depuis 2019"),
        ("pct", "2019", None, ""),
    ],
)
def test_une_evolution_se_dit_en_francais(forme, millesime, valeur, texte):
    assert calcul.libelle_evolution(Evolution(millesime, forme), valeur) == texte


def test_une_evolution_en_pourcent_se_rapporte_a_la_valeur_ancienne():
    evolution = Evolution("2012", "pct")
    assert calcul.difference(evolution, 110.0, 100.0) == pytest.approx(10)
    assert calcul.difference(evolution, 110.0, 0.0) is None
    assert calcul.difference(Evolution("2012", "points"), 12.0, 10.5) == pytest.approx(1.5)


def test_une_colonne_derivee_retrouve_l_effectif_et_garde_les_trous():
    colonnes = {"part": colonne(25, SECRET), "base": colonne(200, 100), "indice": colonne(50, 0)}
    recettes = {
        "effectif": {"part": "part", "base": "base"},
        "reste": {"complement": "part", "base": "base"},
        "jeunes": {"quotient": "effectif", "base": "indice"},
        "absente": {"produit": "inconnue", "base": "base"},
    }
    resultat = deriver(colonnes, recettes)
    np.testing.assert_array_equal(resultat["effectif"], [50, SECRET])
    np.testing.assert_array_equal(resultat["reste"], [150, SECRET])
    np.testing.assert_array_equal(resultat["jeunes"], [100, SECRET])
    assert "absente" not in resultat


@pytest.mark.parametrize(
    ("couverture", "secret", "debut"),
    [
        (1.0, True, ""),
        (0.8, True, "Valeur partielle"),
        (0.3, False, "Non calculé"),
        (0.0, True, "Non disponible"),
    ],
)
def test_la_note_dit_la_couverture(couverture, secret, debut):
    note = calcul.note_de_couverture(couverture, secret)
    assert note.startswith(debut)
    assert bool(note) == bool(debut)
