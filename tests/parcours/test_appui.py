"""A support request from a village to its answer: a secretary on her phone, the mission d'appui at a desk."""

from __future__ import annotations

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import SECRETAIRE
from .conftest import Ouvrir

MISSION = "Mission d’appui aux projets"
QUESTION = "Qui peut relire notre marché de travaux ?"


def test_d_une_question_au_village_a_sa_reponse(ouvrir: Ouvrir) -> None:
    secretaire = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = secretaire.page
    secretaire.aller("/")
    page.get_by_role("link", name="Demander de l’aide").first.click()
    envoyer = page.get_by_role("button", name="Envoyer la demande")
    ou = page.locator("main li a").first  # another journey may have opened a second démarche on her territory
    expect(envoyer.or_(ou).first).to_be_visible()
    if not envoyer.count():
        ou.click()
    envoyer.click()
    expect(page.locator(".resume-erreurs")).to_contain_text("Choisissez de quoi vous avez besoin")
    page.get_by_label("Question juridique").check()
    page.get_by_label("Votre question").fill(QUESTION)
    expect(page.locator("form.formulaire")).to_contain_text("Votre demande ira à")
    assert not secretaire.defauts()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.locator("main")).to_contain_text("Réponse attendue le")
    assert not secretaire.defauts()
    adresse = page.url

    mission = ouvrir(MISSION)
    bureau = mission.page
    mission.aller("/appui/?etat=a_traiter&q=marché")
    bureau.get_by_role("link", name="Question juridique").first.click()
    bureau.get_by_role("button", name="Prendre en charge").click()
    expect(bureau.locator("main")).to_contain_text("Vous prenez cette demande en charge.")
    bureau.get_by_text("Écrire un message").click()
    expect(bureau.get_by_label("Partagé", exact=False)).to_be_checked()
    bureau.get_by_label("Votre message").fill("@Sylvie Rouvière, avez-vous le cahier des charges ?")
    bureau.get_by_role("button", name="Envoyer", exact=True).click()
    expect(bureau.locator("#conversation strong", has_text="@Sylvie Rouvière")).to_be_visible()
    assert not mission.defauts()

    page.goto(f"{adresse.partition('/territoires')[0]}/mes-conversations/")
    expect(page.locator("h1")).to_contain_text("attend votre réponse")
    page.goto(adresse)
    page.get_by_text("Répondre (partagé").click()
    page.get_by_label("Votre réponse").fill("Oui, le voici.")
    page.get_by_role("button", name="Répondre").click()
    expect(page.locator("#conversation")).to_contain_text("Oui, le voici.")

    bureau.reload()
    bureau.get_by_text("Répondre et clore").first.click()
    bureau.get_by_label("résolu", exact=True).check()
    bureau.get_by_label("Votre réponse", exact=False).last.fill("Le service des marchés vous relit mardi.")
    bureau.get_by_role("button", name="Répondre et clore").click()
    expect(bureau.locator("main")).to_contain_text("la demande est close")
    assert not mission.defauts()

    page.goto(adresse)
    expect(page.locator("main")).to_contain_text("Le service des marchés vous relit mardi.")
    page.get_by_role("button", name="Oui").click()
    expect(page.locator("main")).to_contain_text("Merci, votre avis est noté.")
    assert not secretaire.defauts()
