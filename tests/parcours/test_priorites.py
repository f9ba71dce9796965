"""The order of the projects, by the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from .chemin import CHEFFE, VOISIN
from .conftest import Ouvrir

PRIORITES = f"/territoires/{VOISIN}/plan/priorites/?niveau=autorite"


def test_elle_monte_un_projet_avec_alt_et_la_fleche_puis_enregistre(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(PRIORITES)
    lignes = page.locator("tbody[data-ordre] tr")
    second = lignes.nth(1).get_by_role("link").inner_text()
    champ = lignes.nth(1).locator("input[type=number]")
    champ.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-annonce-ordre]")).to_have_text(f"{second} : rang 1")
    expect(lignes.first).to_contain_text(second)
    expect(lignes.first.locator("input[type=number]")).to_be_focused()
    page.get_by_label("Méthode").fill("Vote de la conférence des maires (essai)")
    page.get_by_role("button", name="Enregistrer l’ordre").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Méthode")).to_have_value("Vote de la conférence des maires (essai)")
    onglet.aller(PRIORITES)
    expect(lignes.first).to_contain_text(second)
    expect(lignes.first.locator("input[type=number]")).to_have_value("1")
    onglet.capturer("priorites")
