"""A questionnaire is sent, answered on a phone without account, read; then the report is produced."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import SIGNE
from .conftest import Ouvrir

QUESTIONNAIRES = f"/territoires/{SIGNE}/bilan/evaluation/questionnaires/"
TITRE = "Avis de mi-parcours"


def _dernier_lien(donnees: Path) -> str:
    """What the mail in the queue says to its reader: nobody reads it on a page."""
    (base,) = donnees.glob("*.sqlite3")
    with sqlite3.connect(base) as lien:
        (texte,) = lien.execute(
            "SELECT texte FROM notifications_courriel WHERE cle LIKE 'questionnaire-%' ORDER BY id DESC"
        ).fetchone()
    trouve = re.search(r"/questionnaire/[^\s]+/", texte)
    assert trouve
    return trouve.group()


def test_un_questionnaire_va_du_bureau_au_telephone_puis_au_rapport(ouvrir: Ouvrir, donnees: Path) -> None:
    bureau = ouvrir()
    page = bureau.page
    bureau.aller(f"{QUESTIONNAIRES}lancer/")
    page.get_by_label("Titre du questionnaire").fill(TITRE)
    cases = page.get_by_role("checkbox")
    for rang in range(cases.count()):
        cases.nth(rang).uncheck()
    page.get_by_role("button", name="Envoyer le questionnaire").click()
    expect(page.locator("main")).to_contain_text("Cochez au moins une structure.")
    assert not bureau.defauts()
    cases.first.check()
    adresse = page.locator("input[type=email]").first
    adresse.fill("mairie@exemple.fr")
    page.get_by_role("button", name="Envoyer le questionnaire").click()
    expect(page.locator("h1")).to_contain_text("0 réponse sur 1 structure")
    resultats = page.url

    telephone = ouvrir(None, nav.TELEPHONE)
    telephone.aller(_dernier_lien(donnees))
    expect(telephone.page.locator("h1")).to_contain_text(TITRE)
    assert not telephone.defauts((nav.TELEPHONE,))
    assert not telephone.accessibilite()
    telephone.page.get_by_role("link", name="Commencer").click()
    telephone.page.get_by_label("5, tout à fait").check()
    telephone.page.get_by_role("button", name="Garder et continuer").click()
    expect(telephone.page.locator("main")).to_contain_text("page 2 sur 4")
    # the phone is put away, the link is opened again
    telephone.aller(_dernier_lien(donnees))
    telephone.page.get_by_role("link", name="Reprendre, 1 réponse gardée").click()
    expect(telephone.page.get_by_label("5, tout à fait")).to_be_checked()
    for _ in range(3):
        telephone.page.get_by_role("button", name="Garder et continuer").click()
    telephone.page.get_by_label("Que faut-il changer ?").fill("Moins de pièces à fournir.")
    assert not telephone.accessibilite()
    telephone.page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(telephone.page.locator("h1")).to_contain_text("Merci, vos réponses sont envoyées")
    assert telephone.aller("/questionnaire/faux/") == 404
    assert not telephone.accessibilite()

    page.goto(resultats)
    expect(page.locator("h1")).to_contain_text("1 réponse sur 1 structure interrogée")
    expect(page.locator("main")).to_contain_text("Moins de pièces à fournir.")
    assert not bureau.defauts()

    bureau.aller(f"/territoires/{SIGNE}/bilan/evaluation/rapport/?genre=final")
    page.get_by_role("button", name="Produire le rapport").click()
    expect(page.locator("main")).to_contain_text("Le rapport est produit et archivé")
    assert not bureau.defauts()
    with page.expect_download() as descente:
        page.get_by_role("link", name=re.compile(r"Évaluation finale .*\(PDF\)")).first.click()
    assert Path(descente.value.path()).read_bytes().startswith(b"%PDF")
