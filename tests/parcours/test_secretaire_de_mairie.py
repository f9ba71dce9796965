"""The secrétaire de mairie writes a fiche on her phone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import SECRETAIRE
from .conftest import Ouvrir
from .gestes import PLAN_SECRETAIRE, deplier, nouvelle_fiche, remplir

TITRE = "Isolation de la salle des fêtes"


def test_elle_cree_une_fiche_dont_le_plan_s_equilibre_la_propose_et_emporte_sa_deliberation(
    ouvrir: Ouvrir, tmp_path: Path
) -> None:
    onglet = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = onglet.page
    onglet.aller(PLAN_SECRETAIRE)
    page.get_by_role("link", name="Nouvelle fiche").click()
    remplir(page, TITRE, "100 000,00")
    expect(page.locator("#resume")).to_contain_text("équilibré")
    assert not onglet.deborde()
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("h1")).to_have_text(TITRE)
    expect(page.get_by_text("Le plan de financement est équilibré")).to_be_visible()
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.locator("main")).to_contain_text("La fiche est maintenant « Proposée »")
    assert not onglet.deborde()
    onglet.capturer("parcours-fiche-telephone")
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Projet de délibération (Word)").first.click()
    attendu.value.save_as(tmp_path / "deliberation.docx")
    texte = zipfile.ZipFile(tmp_path / "deliberation.docx").read("word/document.xml").decode()
    assert TITRE in texte
    assert "vingt mille euros" in texte.lower()
    page.get_by_role("link", name="Délibération, pièces, rapport").click()
    assert not onglet.defauts()
    onglet.capturer("parcours-fiche-documents")


def test_un_plan_qui_ne_s_additionne_pas_dit_l_ecart_pendant_la_saisie(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(SECRETAIRE)
    page = onglet.page
    nouvelle_fiche(onglet)
    remplir(page, "Réfection du four communal", "112 500,40")
    expect(page.locator("#resume")).to_contain_text("12 500,40".replace(" ", "\u202f"))
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("main")).to_contain_text("Rien n’a été ajusté")
    assert not onglet.defauts()


def test_un_montant_illisible_garde_la_saisie_et_dit_quoi_faire(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = onglet.page
    nouvelle_fiche(onglet)
    remplir(page, TITRE, "cent mille")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator(".resume-erreurs")).to_be_focused()
    expect(page.locator(".resume-erreurs")).to_contain_text("cent mille")
    assert page.locator("#id_cout_ht").input_value() == "cent mille"
    assert page.get_by_label("Intitulé").input_value() == TITRE
    assert page.locator("#id_lignes-1-montant").input_value() == "50 000,00"
    assert not onglet.accessibilite()
    assert not onglet.deborde()
    onglet.capturer("parcours-erreur-telephone")


def test_ce_qu_elle_tape_est_garde_et_repris_a_son_retour(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(SECRETAIRE, nav.TELEPHONE)
    page = onglet.page
    nouvelle = f"{PLAN_SECRETAIRE}fiches/nouvelle/"
    nouvelle_fiche(onglet)
    page.get_by_label("Intitulé").fill("Chauffage de l’église")
    deplier(page, "Combien cela coûte")
    page.locator("#id_cout_ht").fill("42 000")
    onglet.aller(PLAN_SECRETAIRE)  # at once: the pause that saves has not passed
    for _ in range(10):  # a loaded server may still be writing what the page sent as it closed
        onglet.aller(nouvelle)
        if page.locator("#saisie-laissee").count():
            break
    expect(page.locator("#saisie-laissee")).to_contain_text("Vous aviez commencé une saisie")
    assert page.get_by_label("Intitulé").input_value() == ""
    assert not onglet.defauts()
    page.get_by_role("link", name="Reprendre ma saisie").click()
    assert page.get_by_label("Intitulé").input_value() == "Chauffage de l’église"
    assert page.locator("#id_cout_ht").input_value() == "42 000"
    onglet.aller(nouvelle)
    page.get_by_role("button", name="Abandonner").click()
    expect(page.locator("#saisie-laissee")).to_have_count(0)


@pytest.mark.parametrize("taille", [nav.TELEPHONE, nav.BUREAU], ids=["telephone", "bureau"])
def test_les_depenses_font_le_cout_et_l_ecart_se_dit_au_centime(
    ouvrir: Ouvrir, taille: tuple[int, int]
) -> None:
    onglet = ouvrir(SECRETAIRE, taille)
    page = onglet.page
    nouvelle_fiche(onglet)
    deplier(page, "Combien cela coûte")
    page.locator("#id_depenses-0-libelle").fill("Toiture")
    page.locator("#id_depenses-0-montant").fill("80 000,50")
    page.locator("#id_depenses-1-libelle").fill("Études")
    page.locator("#id_depenses-1-montant").fill("20 000")
    deplier(page, "Qui paie")
    page.locator("#id_aide_demandee").fill("100 000")
    expect(page.locator("#resume")).to_contain_text("Il manque 0,50")
    assert not onglet.accessibilite()
    assert not onglet.deborde()
    onglet.capturer(f"parcours-saisie-{taille[0]}")
