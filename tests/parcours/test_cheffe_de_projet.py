"""The cheffe de projet walks the way, from what awaits her to the journal that kept her gestures."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from .chemin import ACCORD, CHEFFE, VITRINE
from .conftest import Ouvrir


def test_elle_va_de_l_accueil_au_contrat_par_le_fil(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller("/")
    page.get_by_role("link", name="Gorges Causses Cévennes").last.click()
    expect(page).to_have_url(re.compile(f"/territoires/{VITRINE}/"))
    onglet.aller(f"/territoires/{VITRINE}/")
    for place, mot in (
        ("Diagnostic", "habitants"),
        ("Plan d’actions", "fiches"),
        ("Négociation", "répartir"),
        ("Contrat", "ontrat"),
        ("Réalisation", "projets"),
        ("Bilan", "payés"),
    ):
        page.get_by_role("navigation", name="Le fil du contrat").get_by_role("link", name=place).click()
        expect(page.locator("h1")).to_contain_text(mot)
        expect(page.locator(".fil [aria-current]")).to_contain_text(place)
    onglet.capturer("parcours-bilan")


def test_elle_filtre_trie_et_exporte_le_plan_tel_qu_elle_le_voit(ouvrir: Ouvrir, tmp_path: Path) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"/territoires/{VITRINE}/plan/")
    page.locator("#f-q").fill("travaux")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("h1")).to_contain_text("à vos filtres")
    page.locator("thead").get_by_role("link", name="Coût HT").click()
    expect(page).to_have_url(re.compile("q=travaux.*tri=cout|tri=cout.*q=travaux"))
    trouve = re.search(r"\d+", onglet.titre())
    assert trouve
    lignes = page.locator("tbody tr")
    expect(lignes).to_have_count(int(trouve.group()))
    premier = lignes.first.get_by_role("link").first.inner_text()
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Exporter", exact=True).click()
    fichier = tmp_path / "plan.xlsx"
    attendu.value.save_as(fichier)
    feuille = openpyxl.load_workbook(fichier).active
    assert feuille is not None
    titres = [c for ligne in feuille.iter_rows(values_only=True) for c in ligne if c == premier]
    assert len(titres) == 1


def test_elle_lit_la_pre_instruction_et_ce_qui_limite_l_aide(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    onglet.aller(f"/territoires/{VITRINE}/plan/fiches/1/")
    expect(onglet.page.get_by_role("heading", name="Aide maximale possible")).to_be_visible()
    expect(onglet.page.get_by_text("Ce qui limite l’aide", exact=True)).to_be_visible()
    onglet.capturer("parcours-fiche")


def test_elle_change_un_montant_au_clavier_et_les_totaux_suivent(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"/territoires/{VITRINE}/negociation/")
    avant, total = onglet.titre(), page.locator("#total-propose").inner_text()
    montants = page.locator("input[data-montant]")
    montants.first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("137000")
    page.keyboard.press("Enter")
    expect(montants.nth(1)).to_be_focused()
    expect(page.locator("#total-propose")).not_to_have_text(total)
    expect(page.locator("#constat")).not_to_have_text(avant)
    expect(page.locator("#annonce-maquette")).to_contain_text("enregistré")
    apres = onglet.titre()
    page.reload()
    assert onglet.titre() == apres
    assert re.sub(r"\s", "", montants.first.input_value()) == "137000,00"
    onglet.capturer("parcours-maquette")


def test_elle_genere_le_contrat_le_telecharge_et_le_journal_le_dit(ouvrir: Ouvrir, tmp_path: Path) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"/territoires/{ACCORD}/contrat/")
    preparer = page.get_by_role("button", name="Préparer le contrat")
    if preparer.count():
        preparer.click()
        expect(page.get_by_role("status").or_(page.locator(".encart.succes")).first).to_be_visible()
    page.get_by_role("button", name="Générer le contrat").click()
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Contrat (PDF)").first.click()
    fichier = tmp_path / "contrat.pdf"
    attendu.value.save_as(fichier)
    assert fichier.read_bytes()[:5] == b"%PDF-"
    onglet.capturer("parcours-contrat")
    onglet.aller(f"/territoires/{ACCORD}/journal/")
    expect(page.locator("main")).to_contain_text("Claire Vidal")
    expect(page.locator("main")).to_contain_text(re.compile("version", re.I))
    onglet.capturer("parcours-journal")
