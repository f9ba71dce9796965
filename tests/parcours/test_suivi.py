"""On a phone: the owner says where the works stand, photo included; the bilan and the thread follow."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import DIRECTRICE, SIGNE
from .conftest import Ouvrir

AVANCEMENT = f"/territoires/{SIGNE}/realisation/avancement/"
PROJET = "Construction d’une maison des assistantes maternelles au Chastel Nouvel"


def _photo() -> bytes:
    sortie = io.BytesIO()
    Image.new("RGB", (1_600, 1_200), "saddlebrown").save(sortie, "JPEG")
    return sortie.getvalue()


def test_le_point_se_fait_sur_un_telephone_avec_une_photo(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(DIRECTRICE, nav.TELEPHONE)
    page = onglet.page
    onglet.aller(AVANCEMENT)
    page.get_by_role("link", name=PROJET).click()
    expect(page.locator("main")).to_contain_text("Ensuite : Travaux à moitié")
    assert not onglet.defauts()
    page.get_by_role("link", name="Faire le point").click()
    page.get_by_label("Travaux à moitié").check()
    photo = {"name": "chantier.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    page.get_by_label("Photo du chantier").set_input_files(photo)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Dites ce que montre la photo.")
    assert not onglet.defauts()
    page.get_by_label("Photo du chantier").set_input_files(photo)
    page.get_by_label("Ce que montre la photo").fill("Le second œuvre commence")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("C’est noté. Merci.")
    expect(page.get_by_role("img", name="Le second œuvre commence")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Fait à 65")
    assert not onglet.defauts()
    onglet.aller(f"/territoires/{SIGNE}/bilan/")
    page.get_by_role("link", name=PROJET).click()
    expect(page.locator("main")).to_contain_text("fait à 65")
    assert not onglet.defauts()
