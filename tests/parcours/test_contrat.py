"""The contract alive: an article rewritten and discussed, a signature given, an avenant prepared."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import A_LA_SIGNATURE, ACCORD, CHEFFE, CONSEILLER, SIGNE
from .conftest import Ouvrir

REDACTION = f"/territoires/{ACCORD}/contrat/redaction/"
PHRASE = "Chaque partie publie sur son site, une fois l’an, la liste des projets aidés."


def test_un_article_se_recrit_se_compare_et_se_discute(ouvrir: Ouvrir) -> None:
    elle = ouvrir(CHEFFE)
    page = elle.page
    elle.aller(REDACTION)
    page.get_by_role("link", name="Communication", exact=True).click()
    assert not elle.defauts()
    texte, motif = page.get_by_label("Texte", exact=True), page.get_by_label("Motif")
    du_modele = texte.input_value()
    texte.fill(f"{du_modele}\n\n{PHRASE}\n\n{{{{ champ_inconnu }}}}")
    page.get_by_role("button", name="Enregistrer l’article").click()
    expect(page.get_by_role("alert")).to_contain_text("champ_inconnu")
    expect(texte).to_have_value(re.compile(re.escape(PHRASE)))
    texte.fill(f"{du_modele}\n\n{PHRASE}")
    motif.fill("Demandé en comité de pilotage")
    page.get_by_role("button", name="Enregistrer l’article").click()
    elle.aller(REDACTION)
    ligne = page.locator("tr", has_text="Communication")
    expect(ligne).to_contain_text("réécrit")
    ligne.get_by_role("link").first.click()
    expect(page.locator(".avant-apres").first).to_contain_text(PHRASE)
    assert not elle.defauts()
    page.get_by_text("Écrire une remarque, proposer une rédaction").click()
    page.get_by_label("Votre remarque").fill("Une fois l’an suffit-il ?")
    page.get_by_role("button", name="Écrire la remarque").click()
    expect(page.locator("#remarques")).to_contain_text("1 remarque ouverte")
    page.get_by_role("button", name="Marquer réglée").click()
    expect(page.locator("#remarques")).to_contain_text("Toutes les remarques sont réglées")
    assert not elle.defauts()
    page.get_by_role("button", name="Reprendre la rédaction du modèle").click()
    elle.aller(REDACTION)
    expect(page.locator("tr", has_text="Communication")).not_to_contain_text("réécrit")


def test_le_departement_signe_et_le_contrat_entre_en_vigueur(ouvrir: Ouvrir) -> None:
    lui = ouvrir(CONSEILLER, nav.TELEPHONE)
    page = lui.page
    lui.aller("/signatures/")
    assert not lui.defauts()
    page.get_by_role("link", name=re.compile("Mont Lozère")).first.click()
    page.get_by_label("Mot de passe du certificat").fill("mauvais")
    page.get_by_role("button", name="Signer le document").click()
    expect(page.get_by_role("alert")).to_contain_text("mot de passe")
    assert not lui.defauts()
    page.get_by_label("Mot de passe du certificat").fill("demonstration")
    page.get_by_role("button", name="Signer le document").click()
    expect(page.locator("h1")).to_contain_text("Département de la Lozère a signé")
    assert not lui.defauts()

    elle = ouvrir(CHEFFE)
    elle.aller(f"/territoires/{A_LA_SIGNATURE}/contrat/")
    expect(elle.page.locator("#signature")).to_have_text("Signature : 5 sur 5")
    elle.page.get_by_role("button", name="Constater la signature de toutes les parties").first.click()
    elle.page.get_by_role("dialog").get_by_role("button", name=re.compile("Constater la signature")).click()
    expect(elle.page.locator("main")).to_contain_text("Le contrat est maintenant : en vigueur")
    assert not elle.defauts()


def test_un_avenant_se_prepare_en_voyant_ses_effets(ouvrir: Ouvrir) -> None:
    elle = ouvrir(CHEFFE)
    page = elle.page
    elle.aller(f"/territoires/{SIGNE}/contrat/")
    page.get_by_role("link", name="Préparer un avenant").click()
    assert not elle.defauts()
    page.get_by_label("Objet").fill("Une aide relevée, pour voir")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("Aucun mouvement encore")
    adresse = page.url
    page.get_by_role("link", name="Changer le montant d’une aide").click()
    page.get_by_label("Projet du contrat").select_option(index=1)
    page.get_by_label("Aide").fill("beaucoup")
    page.get_by_role("button", name=re.compile("Enregistrer|Ajouter")).click()
    expect(page.get_by_role("alert")).to_contain_text("Une correction est nécessaire")
    expect(page.get_by_label("Aide")).to_have_value("beaucoup")
    assert not elle.defauts()
    page.get_by_label("Aide").fill("77 777,77")
    page.get_by_role("button", name=re.compile("Enregistrer|Ajouter")).click()
    assert page.url == adresse
    expect(page.locator("main")).to_contain_text("77 777,77")
    expect(page.locator("main")).to_contain_text("Ce qu’il change : 1 mouvement")
    assert not elle.defauts()
    page.get_by_role("button", name="Abandonner").first.click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_label(re.compile("Pourquoi abandonner")).fill("Un essai")
    dialogue.get_by_role("button", name=re.compile("Abandonner")).click()
    expect(page.locator("main")).to_contain_text("abandonné")
