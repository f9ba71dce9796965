"""The SIREN number and its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.siren import cle_de_luhn, defaut_du_siren, nettoyer_siren


@pytest.mark.parametrize("siren", ["", "224800011", "200069151", "214800617"])
def test_un_vrai_siren_passe(siren):
    assert defaut_du_siren(siren) == ""


@pytest.mark.parametrize(
    ("siren", "mot"), [("22480001", "neuf chiffres"), ("22480001A", "neuf"), ("224800012", "n’existe pas")]
)
def test_un_faux_siren_dit_pourquoi(siren, mot):
    assert mot in defaut_du_siren(siren)


def test_les_espaces_et_le_siret_sont_compris():
    assert nettoyer_siren("224 800 011") == "224800011"
    assert nettoyer_siren("224\u00a0800\u00a0011 00013") == "224800011"


@given(st.integers(0, 10**8 - 1), st.integers(0, 8))
def test_un_chiffre_change_est_toujours_vu(debut, rang):
    juste = next(f"{debut:08d}{k}" for k in range(10) if cle_de_luhn(f"{debut:08d}{k}"))
    faux = juste[:rang] + str((int(juste[rang]) + 1) % 10) + juste[rang + 1 :]
    assert not cle_de_luhn(faux)
