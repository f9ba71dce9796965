"""Scenarios over a whole dispositif: copied, searched, compared, merged, and one territory taken back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import CHEFFE
from .conftest import Ouvrir

ICI = "/dispositifs/lozere/scenarios/"
REPRIS = "Hautes Terres de l’Aubrac"
"""A territory whose maquette no other journey opens."""


def test_un_ensemble_se_copie_se_cherche_se_compare_se_fusionne_et_se_reprend(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(ICI)
    assert not onglet.defauts()
    page.get_by_label("Nom de l’ensemble").fill("Comme aujourd’hui")
    page.get_by_role("button", name="Créer l’ensemble").click()
    expect(page.locator("main")).to_contain_text("L’ensemble « Comme aujourd’hui » est créé")
    assert not onglet.defauts()

    onglet.aller(f"{ICI}rechercher/")
    page.get_by_label("Nom de l’ensemble").fill("Trouvé")
    enveloppe = page.get_by_label("Enveloppe commune")
    enveloppe.fill("quatre millions")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enveloppe commune")
    assert enveloppe.input_value() == "quatre millions"
    assert page.get_by_label("Nom de l’ensemble").input_value() == "Trouvé"
    assert not onglet.defauts()
    enveloppe.fill("4 000 000")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.locator("main")).to_contain_text("La proposition est gardée comme ensemble", timeout=90_000)
    assert not onglet.defauts()

    page.get_by_role("link", name="Comparer et reprendre").click()
    assert not onglet.defauts()
    page.get_by_label(f"Prendre du second : {REPRIS}", exact=True).check()
    page.get_by_label("Nom de l’ensemble fusionné").fill("Comme aujourd’hui")
    page.get_by_role("button", name="Fusionner").click()
    expect(page.get_by_role("alert")).to_contain_text("L’ensemble n’est pas créé")
    expect(page.get_by_label(f"Prendre du second : {REPRIS}", exact=True)).to_be_checked()
    page.get_by_label("Nom de l’ensemble fusionné").fill("Un seul territoire")
    page.get_by_role("button", name="Fusionner").click()
    expect(page.locator("main")).to_contain_text("L’ensemble « Un seul territoire » est créé")

    page.get_by_role("link", name="Comparer et reprendre").click()
    reprendre = page.get_by_role("link", name=re.compile("^Reprendre la part de"))
    expect(reprendre).to_have_count(1)
    reprendre.click()
    expect(page.locator("h1")).to_contain_text("Reprendre « Un seul territoire »")
    assert not onglet.defauts()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator("h1")).to_contain_text(re.compile(r"lignes? de la maquette"))
    assert not onglet.defauts()
    page.get_by_role("link", name="Voir la maquette").click()
    expect(page).to_have_url(re.compile("/territoires/hautes-terres-aubrac/negociation/$"))
    onglet.aller(f"{ICI}")
    for nom in ("Comme aujourd’hui", "Trouvé", "Un seul territoire"):
        expect(page.locator("main")).to_contain_text(nom)
    onglet.page.set_viewport_size({"width": nav.TELEPHONE[0], "height": nav.TELEPHONE[1]})
    onglet.capturer("parcours-ensembles")
