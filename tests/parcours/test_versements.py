"""After the award: a payment goes from the village to its mandate, and an aid beyond its deadline lapses."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from . import navigateur as nav
from .chemin import CHEFFE, INSTRUCTRICE, SECRETAIRE_GENERALE, SIGNE
from .conftest import Ouvrir

DOSSIER = f"/territoires/{SIGNE}/realisation/dossiers/2024-1/versements/"


def _verse(page: Page) -> int:
    """What is paid of the aid, in cents, as the page of the file says it."""
    dit = page.locator(".chiffres").inner_text()
    trouve = re.search(r"([\d\s]+),(\d\d)\s*€\s*Versé|Versé\s*([\d\s]+),(\d\d)\s*€", dit)
    assert trouve, dit
    euros, centimes = (trouve[1], trouve[2]) if trouve[1] else (trouve[3], trouve[4])
    return int(re.sub(r"\s", "", euros) + centimes)


def test_un_versement_va_de_la_mairie_au_mandat(ouvrir: Ouvrir, tmp_path: Path) -> None:
    elle = ouvrir(SECRETAIRE_GENERALE, nav.TELEPHONE)
    page = elle.page
    elle.aller(DOSSIER)
    avant = _verse(page)
    assert not elle.defauts()
    page.get_by_role("link", name="Demander un versement").click()
    page.get_by_label("Versement demandé").select_option("solde")
    page.get_by_label("Montant demandé").fill("deux cents")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("alert")).to_contain_text("correction")
    page.get_by_label("Montant demandé").fill("200")
    page.get_by_label("Dépenses éligibles déjà payées").fill("9 999 999")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("main")).to_contain_text("Le brouillon est enregistré")
    certificat = tmp_path / "certificat.png"
    page.screenshot(path=certificat)
    page.get_by_label("Fichier").set_input_files(certificat)
    page.get_by_role("button", name="Joindre la pièce").click()
    expect(page.locator("main")).to_contain_text("La pièce est jointe.")
    assert not elle.defauts()
    page.get_by_role("link", name="Déposer la demande").click()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.locator("main")).to_contain_text("La demande de versement est déposée.")
    demande = page.url.removeprefix(elle.racine)

    service = ouvrir(INSTRUCTRICE)
    service.aller("/versements/?etat=deposee")
    expect(service.page.locator("tbody")).to_contain_text("Solde")
    service.aller(demande)
    service.page.get_by_role("link", name="Certifier le service fait").click()
    montant = service.page.get_by_label("Montant dû")
    montant.fill("99 999")
    service.page.get_by_role("button", name="Certifier le service fait").click()
    expect(service.page.get_by_role("alert")).to_contain_text("dépassent ce qui peut être versé")
    assert montant.input_value() == "99 999"
    montant.fill("200")
    service.page.get_by_role("button", name="Certifier le service fait").click()
    expect(service.page.locator("main")).to_contain_text("Le service fait est certifié.")
    assert not service.defauts()

    autorite = ouvrir(CHEFFE)
    autorite.aller(demande)
    autorite.page.get_by_role("link", name="Noter la mise en paiement").click()
    autorite.page.get_by_label("Numéro du mandat").fill("4777")
    autorite.page.get_by_role("button", name="Noter la mise en paiement").click()
    expect(autorite.page.locator("main")).to_contain_text("La mise en paiement est notée.")
    assert not autorite.defauts()
    elle.aller(DOSSIER)
    assert _verse(page) == avant + 20_000
    expect(page.locator("main")).to_contain_text("4777")


def test_une_aide_hors_delai_se_relit_puis_devient_caduque(ouvrir: Ouvrir) -> None:
    autorite = ouvrir(CHEFFE)
    page = autorite.page
    autorite.aller("/dispositifs/lozere/echeances/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("hors délai")
    assert not autorite.defauts()
    page.get_by_role("link", name="Préparer les caducités").click()
    expect(page.locator("tbody")).to_contain_text("non déclaré")
    assert not autorite.defauts()
    page.get_by_role("button", name="Prononcer les caducités cochées").click()
    page.get_by_label("Numéro de l’acte").fill("CP-26-999")
    page.get_by_role("button", name="Prononcer les caducités cochées").click()
    expect(page.locator("main")).to_contain_text("par l’acte CP-26-999")
    with page.expect_download() as recu:
        page.get_by_role("link", name="L’acte en PDF").first.click()
    assert recu.value.suggested_filename.endswith(".pdf")
    assert not autorite.defauts()
