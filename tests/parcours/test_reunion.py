"""A meeting from its preparation to its minutes, by the cheffe de projet; then a mayor reads them."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect

from .chemin import MAIRE, VITRINE
from .conftest import Ouvrir

REUNIONS = f"/territoires/{VITRINE}/reunions/"


def test_de_la_preparation_au_compte_rendu(ouvrir: Ouvrir) -> None:
    cheffe = ouvrir()
    page = cheffe.page
    cheffe.aller(f"{REUNIONS}nouvelle/?genre=permanence")
    page.get_by_label("Titre").fill("Permanence du parcours")
    page.get_by_label("Date").fill(date.today().isoformat())
    page.get_by_label("Heure").fill("09:00")
    page.get_by_label("Lieu").fill("Mairie")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("row", name="maire, Commune de Barre-des-Cévennes")).to_be_visible()
    page.get_by_label("Prénom et nom").fill("Paul Invité")
    page.get_by_role("button", name="Ajouter").click()
    assert not cheffe.defauts()
    page.get_by_role("link", name="La réunion", exact=True).click()
    page.get_by_role("button", name="Convoquer").click()
    expect(page.locator("main")).to_contain_text("Les convocations sont parties.")
    adresse = page.url

    page.get_by_role("link", name="Séance", exact=True).click()
    page.get_by_label("Présence de Paul Invité").select_option("present")
    page.get_by_role("button", name="Enregistrer les présences").click()
    page.locator("textarea[name=notes]").first.fill("La commune a besoin d’aide.")
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    page.get_by_role("textbox", name="Décision").fill("Rappeler la commune.")
    page.get_by_label("À faire par").select_option(label="Paul Invité")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator("main")).to_contain_text("La décision 1 est enregistrée.")
    expect(page.locator("textarea[name=notes]").first).to_have_value("La commune a besoin d’aide.")
    assert not cheffe.defauts()

    page.goto(adresse)
    page.get_by_role("button", name="Dire que la réunion s’est tenue").click()
    for bouton in ("Soumettre le compte rendu", "Valider le compte rendu", "Envoyer à"):
        page.get_by_role("link", name="Compte rendu", exact=True).click()
        page.get_by_role("button", name=bouton).click()
    expect(page.locator("main")).to_contain_text("Le compte rendu est envoyé")
    assert not cheffe.defauts()

    maire = ouvrir(MAIRE)
    maire.page.goto(f"{adresse}compte-rendu/")
    expect(maire.page.locator("main")).to_contain_text("La commune a besoin d’aide.")
    assert not maire.defauts()
