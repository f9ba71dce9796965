"""Codes of places and bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.territoire import departement_de, est_code_insee, est_siren


@pytest.mark.parametrize("code", ["48095", "01004", "2A004", "2B033", "97411", "98818", "95680", "19272"])
def test_un_code_de_commune_est_reconnu(code: str) -> None:
    assert est_code_insee(code)


@pytest.mark.parametrize(
    "code", ["", "4809", "480955", "00001", "20004", "2C004", "96001", "99101", "48O95", "٤٨٠٩٥"]
)
def test_un_autre_texte_n_est_pas_un_code_de_commune(code: str) -> None:
    assert not est_code_insee(code)


# Région, Département, EPCI and communes of the founding territories, and the SIREN of La Poste.
SIRENS = ["200053759", "224800011", "200069268", "244800405", "214800013", "241200567", "356000000"]


@pytest.mark.parametrize("siren", SIRENS)
def test_un_siren_reel_est_reconnu(siren: str) -> None:
    assert est_siren(siren)


@pytest.mark.parametrize("siren", ["", "22480001", "2248000111", "22480001A", "224 80001", "²24800011"])
def test_un_texte_qui_n_a_pas_neuf_chiffres_n_est_pas_un_siren(siren: str) -> None:
    assert not est_siren(siren)


@given(st.sampled_from(SIRENS), st.integers(0, 8), st.integers(1, 9))
def test_un_chiffre_faux_est_toujours_vu(siren: str, rang: int, ecart: int) -> None:
    faux = str((int(siren[rang]) + ecart) % 10)
    assert not est_siren(siren[:rang] + faux + siren[rang + 1 :])


@pytest.mark.parametrize(
    ("code", "departement"), [("48095", "48"), ("2A004", "2A"), ("97411", "974"), ("98818", "988")]
)
def test_le_departement_se_lit_dans_le_code(code: str, departement: str) -> None:
    assert departement_de(code) == departement


def test_un_code_mal_forme_n_a_pas_de_departement() -> None:
    with pytest.raises(ValueError, match="n’est pas un code INSEE"):
        departement_de("Mende")
