"""The acts of award: chosen, completed, issued for good, listed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import CHEFFE, SIGNE
from .conftest import Ouvrir


def test_les_lettres_se_completent_puis_s_emettent(ouvrir: Ouvrir) -> None:
    elle = ouvrir(CHEFFE, nav.TELEPHONE)
    page = elle.page
    elle.aller(f"/territoires/{SIGNE}/realisation/emission/")
    expect(page.locator("h1")).to_contain_text("2 projets dont l’aide peut être attribuée")
    assert not elle.defauts()
    page.get_by_label("Lettre", exact=True).check()
    page.get_by_role("button", name="Émettre les actes cochés").click()
    expect(page.locator("h1")).to_contain_text("Ce que les actes doivent encore dire")
    assert not elle.defauts()
    page.get_by_role("button", name="Émettre les actes").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("corrections? (est|sont) nécessaires?"))
    assert not elle.defauts()
    champs = page.locator("fieldset input[type=text], fieldset textarea")
    for rang in range(champs.count()):
        if not champs.nth(rang).input_value():
            champs.nth(rang).fill("1 place de la Mairie, 48000 Mende")
    page.get_by_role("button", name="Émettre les actes").click()
    expect(page.locator("main")).to_contain_text("2 actes émis : ils sont gardés tels quels")
    assert not elle.defauts()
