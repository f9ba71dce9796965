"""The table of roles: what the rights are called, and who holds them all."""

import re

from arpent.plateforme.acteurs.roles import ROLES, Portee, tous_les_droits


def test_un_droit_se_dit_par_un_lieu_et_un_verbe() -> None:
    assert tous_les_droits()
    assert not [droit for droit in tous_les_droits() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", droit)]


def test_l_administrateur_a_tous_les_droits_partout() -> None:
    assert ROLES["administrateur"].droits == tous_les_droits()
    assert ROLES["administrateur"].portee is Portee.TOUT


def test_qui_lit_seulement_n_ecrit_pas_de_fiche() -> None:
    assert not [code for code in ("elu_autorite", "sous_prefet") if "fiche.rediger" in ROLES[code].droits]
