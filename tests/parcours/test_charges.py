"""A fiche whose every text is a trap, read in a real browser: nothing runs, the CSP has no complaint."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests import charges

from . import navigateur as nav
from .chemin import VOISIN
from .conftest import Ouvrir

PLAN = f"/territoires/{VOISIN}/plan/"
PIEGE = '"><img src=x onerror=window.__execute=1>'
# The typed texts of the form; amounts and numbers have no length. Of the rows, the first of the plan alone.
TEXTES = "#saisie textarea, #saisie input[type=text][maxlength]"
RANGEE = re.compile(r"-(\d+|__prefix__)-")
REMPLIES = ("lignes-0-", "depenses-0-")


def _pieger(page: Page) -> set[str]:
    """Fills every text of the form; answers their names."""
    pieges = set()
    for champ in page.locator(TEXTES).all():
        nom = champ.get_attribute("name") or ""
        if not nom or (RANGEE.search(nom) and not nom.startswith(REMPLIES)):
            continue
        longueur = int(champ.get_attribute("maxlength") or 0)
        texte = charges.texte_piege(longueur, 2) if 0 < longueur < len(PIEGE) else PIEGE
        champ.evaluate(
            "(e, texte) => { e.value = texte }", "\n".join(charges.CHARGES) if not longueur else texte
        )
        pieges.add(nom)
    return pieges


def _rien_ne_s_execute(onglet: nav.Onglet, adresse: str) -> None:
    assert onglet.aller(adresse) == 200, adresse
    onglet.page.wait_for_load_state("networkidle")
    assert onglet.page.evaluate("typeof window.__execute") == "undefined", adresse
    assert onglet.page.locator("pirate, img[onerror]").count() == 0, adresse


@pytest.fixture
def fiche_piegee(ouvrir: Ouvrir) -> tuple[nav.Onglet, str]:
    onglet = ouvrir()
    page = onglet.page
    onglet.aller(f"{PLAN}fiches/nouvelle/")
    assert len(_pieger(page)) > 10
    page.locator("#id_maitre_ouvrage").select_option(index=1)
    page.locator("#id_theme").select_option(index=1)
    page.locator("#id_cout_ht").fill("100 000,00")
    page.locator("#id_aide_demandee").fill("20 000")
    page.locator("#id_lignes-0-financeur").select_option("etat")
    page.locator("#id_lignes-0-montant").fill("30 000")
    page.locator("#id_depenses-0-montant").evaluate("e => { e.value = '100 000' }")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    refus = page.locator(".resume-erreurs")
    assert refus.count() == 0, refus.inner_text()
    expect(page.locator("h1")).to_have_text(PIEGE)
    return onglet, page.url.removeprefix(onglet.racine)


def test_une_fiche_piegee_se_lit_partout_sans_que_rien_ne_s_execute(
    fiche_piegee: tuple[nav.Onglet, str],
) -> None:
    onglet, fiche = fiche_piegee
    colonnes = "col=categorie&col=maitre_ouvrage&col=axe&col=contact"
    adresses = (
        fiche, f"{fiche}modifier/", f"{fiche}cofinancement/", f"{fiche}documents/", f"{fiche}deliberations/",
        PLAN, f"{PLAN}?{colonnes}", f"{PLAN}priorites/", f"{PLAN}deliberations/", f"{PLAN}avis/",
        f"{PLAN}preinstruction/", f"{PLAN}documents/", "/fiches/", f"/fiches/?q={quote(PIEGE)}",
        f"/recherche/?q={quote(PIEGE)}", f"/territoires/{VOISIN}/", f"/territoires/{VOISIN}/journal/",
        f"/territoires/{VOISIN}/negociation/", "/journal/", "/",
    )  # fmt: skip
    for adresse in adresses:
        _rien_ne_s_execute(onglet, adresse)
    onglet.aller(fiche)
    onglet.capturer("parcours-fiche-piegee")


def test_ce_qui_se_complete_sous_les_yeux_reste_du_texte(fiche_piegee: tuple[nav.Onglet, str]) -> None:
    """What scripts write on the page while one types: the preview of the examination."""
    onglet, fiche = fiche_piegee
    page = onglet.page
    onglet.aller(f"{fiche}modifier/")
    page.locator("#id_titre").press_sequentially(" x")
    page.locator("#id_aide_demandee").fill("25 000")
    page.locator("#id_aide_demandee").blur()
    page.wait_for_timeout(1_500)
    assert page.evaluate("typeof window.__execute") == "undefined"
    assert page.locator("pirate, img[onerror]").count() == 0
