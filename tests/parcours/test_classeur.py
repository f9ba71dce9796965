"""The plan goes out as a workbook, is changed in a spreadsheet, and comes back cell by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import expect

from .chemin import CHEFFE, VOISIN
from .conftest import Ouvrir

PLAN = f"/territoires/{VOISIN}/plan/"
TITRES = ("École rouverte, relue dans le tableur", "Pont refait, relu dans le tableur")


def _entetes(feuille: Worksheet) -> tuple[int, dict[str, int]]:
    """Row of the headers, and the column of each."""
    for ligne in feuille.iter_rows(max_row=12):
        noms = {str(c.value).split("\n")[0].strip(" *"): int(c.column or 0) for c in ligne if c.value}
        if "Intitulé" in noms:
            return int(ligne[0].row or 0), noms
    raise AssertionError("no header row")


def test_trois_cellules_changees_reviennent_une_a_une(ouvrir: Ouvrir, tmp_path: Path) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"{PLAN}importer/")
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger le plan à modifier").click()
    fichier = tmp_path / "plan.xlsx"
    attendu.value.save_as(fichier)
    classeur = openpyxl.load_workbook(fichier)
    feuille = classeur.worksheets[0]
    entete, colonnes = _entetes(feuille)
    anciens = [str(feuille.cell(entete + n, colonnes["Intitulé"]).value) for n in (4, 5)]
    for n, titre in zip((4, 5), TITRES, strict=True):
        feuille.cell(entete + n, colonnes["Intitulé"]).value = titre
    annee = next(c for nom, c in colonnes.items() if nom.startswith("Année"))
    feuille.cell(entete + 5, annee).value = 2031
    classeur.save(fichier)

    onglet.aller(f"{PLAN}importer/")
    page.locator("input[type=file]").set_input_files(fichier)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.locator("h1")).to_have_text("3 cellules modifiées dans 2 fiches")
    for texte in (*anciens, *TITRES, "2031"):
        expect(page.locator("tbody")).to_contain_text(texte)
    assert not onglet.defauts()
    onglet.capturer("classeur-retour")
    page.get_by_role("button", name="Écrire dans le plan").click()
    expect(page.locator("h1")).to_contain_text("2 fiches")
    onglet.capturer("classeur-fait")
    assert not onglet.defauts()
    onglet.aller(f"{PLAN}?q=tableur")
    expect(page.locator("tbody")).to_contain_text(TITRES[0])
    expect(page.locator("tbody")).to_contain_text(TITRES[1])


def test_un_geste_sur_plusieurs_fiches_se_montre_avant_de_se_faire(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"{PLAN}?etat=proposee")
    cases = page.locator("tbody input[type=checkbox]")
    cases.nth(0).check()
    cases.nth(1).check()
    page.get_by_label("Avec les fiches cochées").select_option(label="Fixer l’année")
    page.get_by_role("button", name="Voir ce qui changera").click()
    expect(page.locator("h1")).to_contain_text("2 fiches")
    expect(page.locator("main")).to_contain_text("Rien n’est encore fait")
    assert not onglet.defauts()
    onglet.capturer("lot-apercu")
    page.locator("#valeur").fill("2032")
    page.get_by_role("button", name="2 fiches").click()
    expect(page.locator("h1")).to_contain_text("fait pour 2 fiches")
    assert not onglet.defauts()
    onglet.capturer("lot-fait")
    onglet.aller(f"{PLAN}?annee=2032")
    onglet.capturer("lot-liste")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_une_vue_gardee_se_retrouve_par_son_nom(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"{PLAN}?q=pont&col=titre&col=cout")
    page.get_by_role("button", name="Garder cette vue").click()
    page.get_by_label("Nom de la vue").fill("Les ponts")
    assert not onglet.accessibilite()
    page.get_by_role("button", name="Garder", exact=True).click()
    onglet.aller(PLAN)
    page.get_by_role("link", name="Les ponts").click()
    expect(page.locator("#f-q")).to_have_value("pont")
    assert not onglet.defauts()
