"""The secrétaire de mairie writes a fiche on her phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from . import navigateur as nav
from .chemin import SECRETAIRE
from .conftest import Ouvrir

PLAN = "/territoires/haut-allier-margeride/plan/"


def _ouvrir(page: Page, groupe: str) -> None:
    """Opens a section of the form: on a phone one is open at a time."""
    section = page.locator(f"#groupe-{groupe}")
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()


def _remplir(page: Page, cout: str) -> None:
    page.get_by_label("Intitulé").fill("Isolation de la salle des fêtes")
    page.locator("#id_description").fill("Isoler la toiture et changer les fenêtres.")
    page.locator("#id_maitre_ouvrage").select_option(index=1)
    page.locator("#id_theme").select_option(index=1)
    _ouvrir(page, "cout")
    page.locator("#id_cout_ht").fill(cout)
    _ouvrir(page, "financement")
    page.locator("#id_aide_demandee").fill("20 000")
    page.locator("#id_lignes-0-financeur").select_option("etat")
    page.locator("#id_lignes-0-montant").fill("30 000")
    page.locator("#id_lignes-1-financeur").select_option("autofinancement")
    page.locator("#id_lignes-1-montant").fill("50 000,00")


def test_elle_cree_une_fiche_dont_le_plan_s_equilibre_et_la_propose(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = onglet.page
    onglet.aller(PLAN)
    page.get_by_role("link", name="Nouvelle fiche").click()
    _remplir(page, "100 000,00")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("h1")).to_have_text("Isolation de la salle des fêtes")
    expect(page.get_by_text("Le plan de financement est équilibré")).to_be_visible()
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.locator("main")).to_contain_text("La fiche est maintenant « Proposée »")
    assert not onglet.deborde()
    onglet.capturer("parcours-fiche-telephone")


def test_un_montant_illisible_garde_la_saisie_et_dit_quoi_faire(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = onglet.page
    onglet.aller(f"{PLAN}fiches/nouvelle/")
    _remplir(page, "cent mille")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator(".resume-erreurs")).to_be_focused()
    expect(page.locator(".resume-erreurs")).to_contain_text("cent mille")
    assert page.locator("#id_cout_ht").input_value() == "cent mille"
    assert page.get_by_label("Intitulé").input_value() == "Isolation de la salle des fêtes"
    assert page.locator("#id_lignes-1-montant").input_value() == "50 000,00"
    assert not onglet.accessibilite()
    assert not onglet.deborde()
    onglet.capturer("parcours-erreur-telephone")


@pytest.mark.parametrize("taille", [nav.TELEPHONE, nav.BUREAU], ids=["telephone", "bureau"])
def test_le_plan_se_verifie_pendant_la_saisie_et_la_saisie_se_reprend(
    ouvrir: Ouvrir, taille: tuple[int, int]
) -> None:
    onglet = ouvrir(SECRETAIRE, taille)
    page = onglet.page
    onglet.aller(f"{PLAN}fiches/nouvelle/")
    page.get_by_label("Intitulé").fill("Toiture de la mairie")
    _ouvrir(page, "cout")
    page.locator("#id_depenses-0-libelle").fill("Toiture")
    page.locator("#id_depenses-0-montant").fill("80 000,50")
    page.locator("#id_depenses-1-libelle").fill("Études")
    page.locator("#id_depenses-1-montant").fill("20 000")
    _ouvrir(page, "financement")
    page.locator("#id_aide_demandee").fill("100 000")
    expect(page.locator("#resume")).to_contain_text("Il manque 0,50")
    assert not onglet.accessibilite()
    assert not onglet.deborde()
    onglet.capturer(f"parcours-saisie-{taille[0]}")
    onglet.aller(f"{PLAN}fiches/nouvelle/")
    expect(page.locator("#saisie-laissee")).to_be_visible()
    page.get_by_role("link", name="Reprendre ma saisie").click()
    assert page.get_by_label("Intitulé").input_value() == "Toiture de la mairie"
    onglet.aller(f"{PLAN}fiches/nouvelle/")
    page.get_by_role("button", name="Abandonner").click()
    expect(page.locator("#saisie-laissee")).to_have_count(0)
