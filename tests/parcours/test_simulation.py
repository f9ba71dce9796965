"""A trial of a share-out on a phone: what is refused comes in sight, at the head of the form."""

from __future__ import annotations

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import CHEFFE
from .conftest import Ouvrir


def test_un_essai_refuse_se_lit_en_tete_du_formulaire_sur_un_telephone(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE, nav.TELEPHONE)
    page = onglet.page
    onglet.aller("/dispositifs/lozere/enveloppes/")
    plancher, simuler = page.locator("#id_plancher"), page.get_by_role("button", name="Simuler")
    refus = page.locator("#refus-essai")
    plancher.fill("cent mille")
    simuler.click()
    expect(refus).to_contain_text("n’est pas un montant")
    expect(refus).to_be_focused()
    expect(refus).to_be_in_viewport()
    expect(plancher).to_have_attribute("aria-invalid", "true")
    assert plancher.input_value() == "cent mille"
    assert not onglet.defauts()
    plancher.fill("99 999 999")
    simuler.click()
    expect(refus).to_contain_text("Les planchers demandent")
    expect(refus).to_be_focused()
    plancher.fill("100 000")
    simuler.click()
    expect(page.locator("#constat")).to_be_in_viewport()
    expect(refus).to_be_empty()
    expect(plancher).not_to_have_attribute("aria-invalid", "true")
