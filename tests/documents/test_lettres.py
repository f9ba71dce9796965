"""Amounts in words: the traps of French numbers, and that each number has words of its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.documents.rendu.lettres import en_lettres, nombre_en_lettres


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        ("0", "zéro euro"),
        ("0.01", "un centime"),
        ("0.80", "quatre-vingts centimes"),
        ("1", "un euro"),
        ("1.01", "un euro et un centime"),
        ("2.50", "deux euros et cinquante centimes"),
        ("21", "vingt et un euros"),
        ("71", "soixante et onze euros"),
        ("72", "soixante-douze euros"),
        ("80", "quatre-vingts euros"),
        ("81.91", "quatre-vingt-un euros et quatre-vingt-onze centimes"),
        ("99", "quatre-vingt-dix-neuf euros"),
        ("100", "cent euros"),
        ("101", "cent un euros"),
        ("200", "deux cents euros"),
        ("201", "deux cent un euros"),
        ("280", "deux cent quatre-vingts euros"),
        ("1000", "mille euros"),
        ("1001", "mille un euros"),
        ("2000", "deux mille euros"),
        ("12345.67", "douze mille trois cent quarante-cinq euros et soixante-sept centimes"),
        ("21000", "vingt et un mille euros"),
        ("71000", "soixante et onze mille euros"),
        ("80000", "quatre-vingt mille euros"),
        ("200000", "deux cent mille euros"),
        ("280080", "deux cent quatre-vingt mille quatre-vingts euros"),
        ("1000000", "un million d’euros"),
        ("1000001", "un million un euros"),
        ("1200000.21", "un million deux cent mille euros et vingt et un centimes"),
        ("80000000", "quatre-vingts millions d’euros"),
        ("200000000", "deux cents millions d’euros"),
        ("1000000000", "un milliard d’euros"),
        ("2000080000", "deux milliards quatre-vingt mille euros"),
    ],
)
def test_un_montant_s_ecrit_comme_dans_un_acte(montant: str, attendu: str) -> None:
    assert en_lettres(Decimal(montant)) == attendu


@pytest.mark.parametrize("montant", ["-0.01", "1.005", "1000000000000"])
def test_un_montant_qui_ne_s_ecrit_pas_est_refuse(montant: str) -> None:
    with pytest.raises(ValueError, match="impossible à écrire en lettres"):
        en_lettres(Decimal(montant))


def test_de_zero_a_vingt_mille_chaque_nombre_a_ses_mots() -> None:
    assert len({nombre_en_lettres(n) for n in range(20_001)}) == 20_001


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_deux_nombres_differents_ne_se_disent_jamais_pareil(a: int, b: int) -> None:
    assert (a == b) == (nombre_en_lettres(a) == nombre_en_lettres(b))
