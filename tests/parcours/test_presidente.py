"""The présidente of the communauté de communes reads, imports her table, and accepts the offer."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from .chemin import CHEFFE, PRESIDENTE, VITRINE
from .conftest import Ouvrir

T = f"/territoires/{VITRINE}"


def _tableau(chemin: Path) -> Path:
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    assert feuille is not None
    feuille.append(["Intitulé", "Maître d’ouvrage", "Coût HT"])
    feuille.append(["Halle couverte", "CC Gorges Causses Cévennes", 240000])
    feuille.append(["Sentier de découverte", "CC Gorges Causses Cévennes", "18 500,50"])
    feuille.append(["Projet d’un inconnu", "Commune de Nulle-Part", 30000])
    classeur.save(chemin)
    return chemin


def test_elle_lit_la_maquette_sans_pouvoir_la_changer(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(PRESIDENTE)
    assert onglet.aller(f"{T}/negociation/") == 200
    assert onglet.page.locator("input[data-montant]").count() == 0
    assert onglet.page.get_by_role("button", name="Offrir").count() == 0


def test_elle_importe_son_tableau_apres_avoir_vu_les_rejets(ouvrir: Ouvrir, tmp_path: Path) -> None:
    onglet = ouvrir(PRESIDENTE)
    page = onglet.page
    onglet.aller(f"{T}/plan/importer/")
    page.locator("input[type=file]").set_input_files(_tableau(tmp_path / "plan.xlsx"))
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.locator("h1")).to_contain_text("2 fiches prêtes à être importées")
    expect(page.get_by_role("heading", name="1 ligne à corriger")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nulle-Part")
    assert not onglet.accessibilite()
    assert not onglet.deborde()
    onglet.capturer("parcours-import-apercu")
    page.get_by_role("button", name="Importer 2 fiches").click()
    expect(page.locator("h1")).to_have_text("2 fiches importées dans le plan")
    page.get_by_role("link", name="Voir les brouillons").click()
    expect(page.locator("main")).to_contain_text("Halle couverte")


def test_elle_accepte_l_offre_qui_lui_est_faite(ouvrir: Ouvrir) -> None:
    cheffe = ouvrir(CHEFFE)
    cheffe.aller(f"{T}/negociation/")
    cheffe.page.get_by_role("button", name="Offrir").first.click()
    cheffe.page.get_by_role("dialog").get_by_role("button", name="Offrir").click()
    expect(cheffe.page.locator("main")).to_contain_text("La maquette est maintenant : offerte")
    presidente = ouvrir(PRESIDENTE)
    presidente.aller("/")
    expect(presidente.page.locator("main")).to_contain_text("offre")
    presidente.aller(f"{T}/negociation/")
    presidente.page.get_by_role("button", name="Accepter").first.click()
    presidente.capturer("parcours-accord")
    presidente.page.get_by_role("dialog").get_by_role("button", name="Accepter").click()
    expect(presidente.page.locator("main")).to_contain_text("La maquette est maintenant : acceptée")
