"""Every page of the walk, at the width of a laptop and of a phone, light and dark: axe finds nothing."""

from __future__ import annotations

import pytest

from . import navigateur as nav
from .chemin import HALTES, Halte
from .conftest import Ouvrir

TAILLES = (nav.BUREAU, nav.TELEPHONE)


@pytest.mark.parametrize("halte", HALTES, ids=lambda h: h.nom)
def test_la_page_est_accessible_tient_dans_l_ecran_et_ne_se_plaint_de_rien(
    ouvrir: Ouvrir, halte: Halte
) -> None:
    for taille in TAILLES:
        onglet = ouvrir(halte.qui, taille)
        assert onglet.aller(halte.chemin) == 200
        assert onglet.page.locator("h1").count() == 1
        assert onglet.page.locator("main").count() == 1
        assert not onglet.deborde(), f"à {taille[0]} px"
        violations = onglet.accessibilite()
        onglet.page.emulate_media(color_scheme="dark")  # only the colours differ
        violations += [f"thème sombre, {v}" for v in onglet.accessibilite("color-contrast")]
        assert not violations, f"à {taille[0]} px :\n" + "\n".join(violations)
