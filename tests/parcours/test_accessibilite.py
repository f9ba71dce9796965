"""Every page of the walk, at the width of a laptop and of a phone, light and dark: axe finds nothing."""

from __future__ import annotations

import pytest

from . import navigateur as nav
from .chemin import CHEFFE, HALTES, HALTES_DE_LA_DEMARCHE, VITRINE, VOISIN, Halte
from .conftest import Ouvrir

CARTES = [h for h in HALTES if h.nom in {"territoire", "perimetre"}]


@pytest.mark.parametrize("halte", [*HALTES, *HALTES_DE_LA_DEMARCHE], ids=lambda h: h.nom)
def test_la_page_est_accessible_tient_dans_l_ecran_et_ne_se_plaint_de_rien(
    ouvrir: Ouvrir, halte: Halte
) -> None:
    for taille in (nav.BUREAU, nav.TELEPHONE):
        onglet = ouvrir(halte.qui, taille)
        assert onglet.aller(halte.chemin) == 200
        defauts = onglet.defauts((taille,))
        assert not defauts, "\n".join(defauts)


@pytest.mark.parametrize("halte", [*HALTES_DE_LA_DEMARCHE, *CARTES], ids=lambda h: h.nom)
def test_la_page_se_lit_a_400_pour_cent_et_se_parcourt_au_clavier(ouvrir: Ouvrir, halte: Halte) -> None:
    onglet = ouvrir(halte.qui)
    assert onglet.aller(halte.chemin) == 200
    defauts = [*onglet.a_400_pour_cent(), *onglet.au_clavier()]
    assert not defauts, "\n".join(defauts)


@pytest.mark.parametrize(
    "chemin",
    [
        f"/territoires/{VITRINE}/plan/fiches/1/",
        f"/territoires/{VOISIN}/plan/fiches/5/",
        f"/territoires/{VOISIN}/plan/fiches/5/modifier/",
        f"/territoires/{VOISIN}/plan/",
    ],
)
def test_tout_ce_qui_est_replie_est_accessible_une_fois_ouvert(ouvrir: Ouvrir, chemin: str) -> None:
    onglet = ouvrir(CHEFFE)
    assert onglet.aller(chemin) == 200
    onglet.page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
    defauts = onglet.defauts()
    assert not defauts, "\n".join(defauts)


def test_une_version_passee_d_une_fiche_se_lit(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    onglet.aller(f"/territoires/{VITRINE}/plan/fiches/1/")
    onglet.page.get_by_role("link", name="Lire la fiche à cette date").first.click()
    assert "La fiche n° 1 le" in onglet.titre()
    assert not onglet.defauts()
