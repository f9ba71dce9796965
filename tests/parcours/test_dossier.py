"""A grant file from its deposit to its notification: the secretary, then the instructor, in the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from .chemin import INSTRUCTRICE, SECRETAIRE_GENERALE, SIGNE
from .conftest import Ouvrir

REALISATION = f"/territoires/{SIGNE}/realisation/"


def _pdf(dossier: Path, nom: str, largeur: int) -> str:
    document = pypdfium2.PdfDocument.new()
    document.new_page(largeur, 842)
    document.save(dossier / nom)
    return str(dossier / nom)


def _joindre_tout(page: Page, dossier: Path) -> None:
    champs = page.locator("input[type=file]")
    for rang in range(champs.count() - 1):  # the last one is « Autre pièce »
        champs.nth(rang).set_input_files(_pdf(dossier, f"piece-{rang}.pdf", 500 + rang))


def test_du_depot_a_la_notification(ouvrir: Ouvrir, tmp_path: Path) -> None:
    mairie = ouvrir(SECRETAIRE_GENERALE)
    page = mairie.page
    mairie.aller(REALISATION)
    page.get_by_role("button", name=re.compile("Déposer un dossier")).first.click()
    expect(page.locator("h1")).to_contain_text("Dossier 20")
    page.get_by_label("De devis").check()
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.locator("main")).to_contain_text("Il manque encore")
    assert not mairie.defauts()
    _joindre_tout(page, tmp_path)
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.locator("main")).to_contain_text("Le dossier est déposé")
    assert not mairie.defauts()
    ici = page.url

    service = ouvrir(INSTRUCTRICE)
    examen = service.page
    examen.goto(ici)
    examen.get_by_role("link", name=re.compile("^Refuser")).first.click()
    examen.get_by_label("Pourquoi cette pièce").fill("Elle n’est pas signée.")
    examen.get_by_role("button", name="Refuser la pièce").click()
    expect(examen.locator("main")).to_contain_text("le maître d’ouvrage est prévenu")

    page.goto(ici)
    page.get_by_role("link", name="Répondre").click()
    page.get_by_label("Fichier").set_input_files(_pdf(tmp_path, "signee.pdf", 700))
    page.get_by_role("button", name="Répondre").click()
    page.get_by_role("link", name="Déposer le dossier").click()
    page.get_by_role("button", name="Déposer le dossier").click()
    expect(page.locator("main")).to_contain_text("Le dossier est déposé")

    examen.goto(ici)
    examen.get_by_role("button", name="Accepter les pièces reçues").click()
    examen.get_by_role("link", name="Reconnaître complet").click()
    examen.get_by_role("button", name="Reconnaître complet").click()
    expect(examen.locator("main")).to_contain_text("l’accusé est émis")
    examen.get_by_role("link", name="Proposer un montant").click()
    examen.get_by_role("button", name="Proposer un montant").click()
    expect(examen.locator("main")).to_contain_text("L’aide est proposée")
    assert not service.defauts()

    service.aller("/dossiers/rapports/nouveau/")
    examen.get_by_label("Numéro").fill("CP-26-999")
    examen.get_by_label("Séance du").fill("2026-12-14")
    examen.get_by_role("button", name="Enregistrer").click()
    examen.get_by_role("button", name="Porter les dossiers cochés").click()
    examen.get_by_role("button", name="Inscrire à l’ordre du jour").click()
    expect(examen.locator("main")).to_contain_text("ses fichiers sont figés")
    assert not service.defauts()
    examen.get_by_role("link", name="Noter le vote").click()
    examen.get_by_label("Numéro de la délibération").fill("CP_26_999")
    examen.get_by_role("button", name="Noter le vote").click()
    expect(examen.locator("main")).to_contain_text("les crédits sont engagés")

    examen.goto(ici)
    examen.get_by_role("link", name="Émettre l’arrêté ou la convention").click()
    expect(examen.locator("h1")).to_contain_text("dont l’aide peut être attribuée")
    examen.goto(ici)
    examen.get_by_role("link", name="Notifier l’aide").click()
    examen.get_by_role("button", name="Notifier l’aide").click()
    expect(examen.locator("main")).to_contain_text("L’aide est notifiée")

    page.goto(ici)
    expect(page.locator("main")).to_contain_text("Lettre, version 1")
    expect(page.locator("main")).to_contain_text("CP_26_999")
    assert not mairie.defauts()
