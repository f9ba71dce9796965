"""Drawing a territoire de projet on the map, in the list, without JavaScript, on a phone; saving it."""

from __future__ import annotations

from playwright.sync_api import expect

from . import navigateur as nav
from .conftest import Ouvrir

BROUILLON = "/perimetres/brouillon/"
AUBRAC, HAUTES_TERRES = "200069268", "200069144"
DEPART = f"{BROUILLON}?politique=lozere&depart=1"


def test_la_carte_et_la_liste_disent_la_meme_chose(ouvrir: Ouvrir) -> None:
    onglet = ouvrir()
    onglet.aller(DEPART)
    page, resume = onglet.page, onglet.page.locator("#resume")
    formes = page.locator("path.geo-lieu")
    expect(formes.first).to_be_visible()
    page.locator(f"#epci-{AUBRAC}").focus()
    page.keyboard.press("Space")
    expect(resume).to_contain_text("1 intercommunalité, 15 communes")
    expect(page.locator("path.geo-lieu.choisi")).to_have_count(1)
    assert f"epci={AUBRAC}" in page.url
    formes.nth(3).click(force=True)
    expect(resume).to_contain_text("2 intercommunalités")
    assert page.locator("input[name=epci]:checked").count() == 2
    expect(page.locator("#resultat")).to_contain_text("Base résidentielle")


def test_sans_javascript_la_liste_suffit(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(javascript=False)
    onglet.aller(DEPART)
    for siren in (AUBRAC, HAUTES_TERRES):
        onglet.page.check(f"#epci-{siren}")
    onglet.page.click("text=Lire ce périmètre")
    expect(onglet.page.locator("#resume")).to_contain_text("2 intercommunalités")


def test_sur_un_telephone_la_liste_seule_et_rien_ne_deborde(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(taille=nav.TELEPHONE)
    onglet.aller(f"{DEPART}&epci={AUBRAC}")
    assert not onglet.page.locator(".perimetre-carte").is_visible()
    assert not onglet.deborde()
    assert not onglet.accessibilite()


def test_une_version_a_venir_s_enregistre_et_se_relit(ouvrir: Ouvrir) -> None:
    onglet = ouvrir()
    onglet.aller(f"{DEPART}&territoire=hautes-terres-aubrac&le=2030-01-01&epci={AUBRAC}&epci={HAUTES_TERRES}")
    assert not onglet.accessibilite()
    page = onglet.page
    page.click("text=Enregistrer ce périmètre…")
    assert not onglet.accessibilite()
    page.fill("[name=motif]", "Délibération d’essai")
    page.check("[name=transferer]")
    page.click("button:has-text('Enregistrer ce périmètre')")
    expect(page.locator("h1")).to_contain_text("2 versions du périmètre")
    expect(page.locator(".versions > li").first).to_contain_text("À venir")
    page.locator("a:has-text('Lire le portrait')").last.click()
    expect(page.locator("#lecture")).to_contain_text("Population municipale")
    assert not onglet.accessibilite()
