"""The arbitration table by the keyboard: a rate, a block pasted, undo, somebody else at the same time."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from .chemin import ADMINISTRATEUR, CHEFFE
from .conftest import Ouvrir

MAQUETTE = "/territoires/aubrac-lot-causses-tarn/negociation/"
"""A territory whose maquette no other journey offers."""
COLLER = """(texte) => {
  const presse = new DataTransfer();
  presse.setData('text/plain', texte);
  document.activeElement.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: presse, bubbles: true, cancelable: true }));
}"""


def valeur(champ: Locator) -> str:
    return re.sub(r"\s", "", champ.input_value())


def test_elle_tape_un_taux_l_annule_et_le_retablit(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(MAQUETTE)
    ligne = page.locator("tr[data-pk]").nth(3)
    taux, montant = ligne.locator("input[name^=taux-]"), ligne.locator("input[name^=montant-]")
    avant, attendu = (
        valeur(montant),
        float(valeur(ligne.locator("input[name^=base-]")).replace(",", ".")) / 10,
    )
    taux.focus()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-pk]").nth(4).locator("input[name^=taux-]")).to_be_focused()
    expect(page.locator("#annonce-maquette")).to_contain_text("enregistré")
    apres = valeur(montant)
    assert abs(float(apres.replace(",", ".")) - attendu) < 0.006
    page.keyboard.press("Control+z")
    expect(montant).not_to_have_value(re.compile(rf"^\s*{apres[:3]}"))
    assert valeur(montant) == avant
    page.get_by_role("button", name="Rétablir").click()
    expect(page.get_by_role("button", name="Rétablir")).to_be_disabled()
    assert valeur(montant) == apres


def test_elle_colle_un_bloc_d_un_tableur_et_garde_la_ligne_refusee(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(MAQUETTE)
    lignes = page.locator("tr[data-pk]")
    montants = lignes.locator("input[name^=montant-]")
    montants.nth(5).focus()
    page.evaluate(COLLER, "1 234,50\t2027\r\n999999999\t2027\r\n")
    expect(page.locator("#annonce-maquette")).to_contain_text("2 lignes envoyées, dont 1 non enregistrée")
    assert montants.nth(6).input_value() == "999999999"
    expect(lignes.nth(6)).to_contain_text("dépasse le coût du projet")
    montants.nth(6).focus()
    page.keyboard.press("Escape")
    page.reload()
    assert valeur(montants.nth(5)) == "1234,50"
    assert lignes.nth(5).locator("input[name^=annee-]").input_value() == "2027"


def test_a_deux_la_case_de_l_une_arrive_sans_toucher_ce_que_l_autre_tape(ouvrir: Ouvrir) -> None:
    une, autre = ouvrir(CHEFFE), ouvrir(ADMINISTRATEUR)
    for onglet in (une, autre):
        onglet.aller(MAQUETTE)
    ligne = autre.page.locator("tr[data-pk]").nth(8)
    tapee = ligne.locator("input[name^=montant-]")
    tapee.focus()
    autre.page.keyboard.type("77")
    change = une.page.locator("tr[data-pk]").nth(8)
    change.locator("input[name^=annee-]").fill("2028")
    change.locator("input[name^=annee-]").press("Enter")
    expect(une.page.locator("#annonce-maquette")).to_contain_text("enregistré")
    expect(ligne.locator("input[name^=annee-]")).to_have_value("2028", timeout=15_000)
    expect(tapee).to_have_value("77")
    autre.page.keyboard.press("Enter")
    expect(autre.page.locator("#annonce-maquette")).to_contain_text("enregistré")
    expect(ligne.locator("input[name^=annee-]")).to_have_value("2028")


def test_les_totaux_et_la_jauge_bougent_pendant_la_frappe_et_reviennent(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(MAQUETTE)
    total, jauge = page.locator("#total-propose"), page.locator("#jauge-enveloppe .jauge-solde").first
    avant, reste = total.inner_text(), jauge.inner_text()
    aides = page.locator("tr[data-pk] input[name^=montant-]")
    rang = next(n for n in range(aides.count()) if _cents(aides.nth(n).input_value()) > 0)
    ligne, montant = page.locator("tr[data-pk]").nth(rang), aides.nth(rang)
    ancien = _cents(montant.input_value())
    montant.focus()
    page.keyboard.type("123,45")
    expect(total).to_have_class("provisoire")
    _attendre(total, _cents(avant) - ancien + 12_345)
    expect(jauge).not_to_have_text(reste)
    theme = ligne.get_attribute("data-theme")
    par_theme, annee = (page.locator(f'[data-total="{cle}"]') for cle in (f"theme:{theme}", "annee:2028"))
    expect(par_theme).to_have_class("n provisoire")
    expect(page.locator('[data-total="autorite"]')).to_have_class("n provisoire")
    page.keyboard.press("Escape")
    expect(total).to_have_text(avant)
    expect(par_theme).not_to_have_class("n provisoire")
    an = ligne.locator("input[name^=annee-]")
    avant_2028 = _cents(annee.inner_text())
    an.focus()
    page.keyboard.type("2028")
    expect(annee).to_have_class("n provisoire")
    _attendre(annee, avant_2028 + ancien)
    page.keyboard.press("Escape")
    montant.focus()
    expect(jauge).to_have_text(reste)
    page.keyboard.type("123,45")
    page.keyboard.press("Enter")
    expect(page.locator("#annonce-maquette")).to_contain_text("enregistré")
    expect(total).not_to_have_class("provisoire")
    _attendre(total, _cents(avant) - ancien + 12_345)


def _attendre(lieu: Locator, cents: int) -> None:
    """The amount shown is that one at the latest in five seconds: it follows the keys by a frame."""
    for _ in range(100):
        if _cents(lieu.inner_text()) == cents:
            return
        lieu.page.wait_for_timeout(50)
    assert _cents(lieu.inner_text()) == cents


def _cents(texte: str) -> int:
    return round(float(re.sub(r"[\s€]", "", texte).replace(",", ".")) * 100)
