"""From the meeting to its pack; a question becomes a task, another the draft of an avenant."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from .chemin import SIGNE
from .conftest import Ouvrir

BILAN = f"/territoires/{SIGNE}/bilan/"
TITRE = "Rendez-vous du parcours"


def test_du_rendez_vous_a_ses_suites(ouvrir: Ouvrir) -> None:
    cheffe = ouvrir()
    page = cheffe.page
    cheffe.aller(BILAN)
    page.get_by_role("link", name="Rendez-vous", exact=True).click()
    page.get_by_role("link", name="Fixer un rendez-vous").click()
    page.get_by_label("Titre").fill(TITRE)
    page.get_by_label("Date").fill((date.today() + timedelta(days=3)).isoformat())
    page.get_by_label("Heure").fill("18:00")
    page.get_by_label("Lieu").fill("Salle des fêtes")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_label("Prénom et nom").fill("Paul Invité")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_role("link", name="La réunion", exact=True).click()
    page.get_by_role("button", name="Convoquer").click()
    page.get_by_role("link", name="Préparer le Rendez-vous de Territoire").click()
    expect(page.locator("main")).to_contain_text("Aucune question dans le dossier")
    assert not cheffe.defauts()
    page.get_by_role("button", name="Relever").click()
    expect(page.locator("main")).to_contain_text("de plus.")
    expect(page.locator("main")).to_contain_text("Projet bloqué")
    page.get_by_role("textbox", name="Question").fill("Quel calendrier pour l’an prochain ?")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator("main")).to_contain_text("La question est dans le dossier.")
    page.get_by_role("button", name="Retirer « Quel calendrier").click()
    expect(page.locator("main")).to_contain_text("1 question retirée du dossier")
    assert not cheffe.defauts()

    page.get_by_role("link", name="Tâche pour").first.click()
    page.get_by_role("textbox", name="Décision").fill("Relancer l’entreprise.")
    page.get_by_label("Avant le").fill((date.today() + timedelta(days=40)).isoformat())
    assert not cheffe.defauts()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator("main")).to_contain_text("La décision 1 est prise")

    page.get_by_role("link", name="Avenant pour").last.click()
    page.get_by_label("Objet de l’avenant").fill("Décaler un projet d’un an.")
    page.locator("input[name=lignes]").first.check()
    page.get_by_label("Nouvelle année").select_option("2028")
    assert not cheffe.defauts()
    page.get_by_role("button", name="Ouvrir le projet d’avenant").click()
    expect(page.locator("main")).to_contain_text("Le projet d’avenant est ouvert")
    expect(page.get_by_role("link", name="Avenant en préparation")).to_be_visible()

    page.get_by_role("button", name="Générer le dossier").click()
    expect(page.locator("main")).to_contain_text("Le dossier est prêt")
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Les trois (zip)").click()
    assert attendu.value.suggested_filename.endswith("-salle-des-fetes.zip")
    assert not cheffe.defauts()
    page.get_by_role("link", name="Avenant en préparation").click()
    expect(page.locator("main")).to_contain_text("Décaler un projet d’un an.")
    assert not cheffe.defauts()
