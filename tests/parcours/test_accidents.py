"""What goes wrong is said clearly: two people on one fiche, a closed door, a browser without scripts."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import ADMINISTRATEUR, CHEFFE, MAIRE, VITRINE, VOISIN
from .conftest import Ouvrir

MODIFIER = f"/territoires/{VOISIN}/plan/fiches/2/modifier/"


def test_deux_personnes_sur_une_fiche_la_seconde_choisit_en_voyant_les_deux_textes(ouvrir: Ouvrir) -> None:
    premier, second = ouvrir(CHEFFE), ouvrir(ADMINISTRATEUR)
    for onglet, titre in ((premier, "Titre de la première"), (second, "Titre du second")):
        onglet.aller(MODIFIER)
        onglet.page.get_by_label("Intitulé").fill(titre)
    premier.page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(premier.page.locator("h1")).to_have_text("Titre de la première")
    with second.page.expect_response(lambda r: r.url.endswith("/modifier/")) as reponse:
        second.page.get_by_role("button", name="Enregistrer la fiche").click()
    assert reponse.value.status == 409
    expect(second.page.locator("main")).to_contain_text("Titre de la première")
    expect(second.page.locator("main")).to_contain_text("Titre du second")
    assert not second.accessibilite()
    assert not second.deborde()
    second.capturer("parcours-conflit")
    choix = second.page.locator("fieldset").filter(has_text="Titre du second")
    choix.get_by_label("Ce que vous avez écrit").check()
    second.page.get_by_role("button", name="Enregistrer ces choix").click()
    expect(second.page.locator("h1")).to_have_text("Titre du second")


def test_chacun_voit_qui_d_autre_a_la_fiche_ouverte(ouvrir: Ouvrir) -> None:
    premier, second = ouvrir(CHEFFE), ouvrir(ADMINISTRATEUR)
    for onglet in (premier, second):
        with onglet.page.expect_response(lambda r: r.url.endswith("/modifier/saisie/")):
            onglet.aller(f"/territoires/{VOISIN}/plan/fiches/6/modifier/")
    expect(second.page.locator("#resume")).to_contain_text("Ouverte aussi par")
    expect(second.page.locator("#resume")).to_contain_text("Claire Vidal")


def test_reunir_deux_fiches_montre_les_deux_et_garde_ce_qui_est_choisi(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"/territoires/{VOISIN}/plan/fiches/7/fusionner/")
    page.get_by_label("L’autre fiche").select_option("8")
    page.get_by_role("button", name="Comparer les deux").click()
    assert not onglet.defauts()
    onglet.capturer("fiche-fusion")
    page.get_by_role("button", name="Réunir les deux fiches").click()
    expect(page.locator("main")).to_contain_text("fiche")
    onglet.aller(f"/territoires/{VOISIN}/plan/fiches/8/")
    expect(page.locator("main")).to_contain_text("Cette fiche a été réunie à une autre")


def test_decouper_une_fiche_en_tranches_partage_au_centime(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(f"/territoires/{VOISIN}/plan/fiches/9/")
    page.locator("#refonte summary").click()
    page.get_by_label("Part de chaque tranche").fill("50 50")
    page.get_by_role("button", name="Découper").click()
    expect(page.locator("main")).to_contain_text("Cette opération est découpée en tranches")
    assert not onglet.defauts()


def test_une_porte_fermee_dit_pourquoi_et_a_qui_s_adresser(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(MAIRE, nav.TELEPHONE)
    assert onglet.aller(f"/territoires/{VITRINE}/negociation/") == 403
    expect(onglet.page.locator("main")).to_contain_text("Votre rôle ne permet pas ce geste")
    assert not onglet.accessibilite()
    onglet.capturer("parcours-refus-telephone")


def test_le_territoire_d_un_autre_n_existe_pas(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(MAIRE)
    assert onglet.aller(f"/territoires/{VOISIN}/") == 404
    assert "Gévaudan" not in onglet.page.locator("main").inner_text()
    assert not onglet.accessibilite()


def test_sans_javascript_la_fiche_s_enregistre(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE, javascript=False)
    page = onglet.page
    onglet.aller(f"/territoires/{VOISIN}/plan/fiches/3/modifier/")
    page.get_by_label("Description").fill("Écrit sans le moindre script.")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("main")).to_contain_text("Écrit sans le moindre script.")


def test_sans_javascript_la_maquette_s_enregistre(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE, javascript=False)
    page = onglet.page
    onglet.aller(f"/territoires/{VOISIN}/negociation/")
    premier = page.locator("input[data-montant]").first
    nom = premier.get_attribute("name")
    premier.fill("1234,50")
    page.get_by_role("button", name="Enregistrer le tableau").click()
    expect(page.locator("main")).to_contain_text("Une ligne est enregistrée.")
    valeur = page.locator(f"input[name={nom}]").input_value()
    assert re.sub(r"\s", "", valeur) == "1234,50"
