"""From a process written at the screen to a territory launched, conducted and steered."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import CHEFFE, CONSEILLER
from .conftest import Ouvrir

PROCESSUS = "/processus/lozere/"


def test_d_une_etape_ajoutee_a_la_demarche_lancee_et_pilotee(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(PROCESSUS)
    assert not onglet.defauts()
    onglet.capturer("processus")
    page.get_by_role("button", name="Ouvrir un brouillon").click()
    page.get_by_role("link", name="Ajouter une étape", exact=True).click()
    page.get_by_label("Nom de l’étape").fill("Réunion des habitants")
    page.locator("#id_phase").select_option(label="Diagnostic du territoire")
    page.get_by_label("Durée en jours").fill("10")
    page.get_by_label("Le diagnostic est partagé").check()
    assert not onglet.defauts()
    onglet.capturer("processus-etape")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("main")).to_contain_text("C’est enregistré dans le brouillon")
    page.get_by_role("button", name="Monter Réunion des habitants").click()
    expect(page.locator("h1")).to_contain_text("prêt à relire")
    assert not onglet.defauts()
    onglet.capturer("processus-brouillon")
    page.get_by_role("link", name="Préparer la publication").click()
    expect(page.locator("main")).to_contain_text("Réunion des habitants")
    page.get_by_label("Note de publication").fill("Une réunion avec les habitants.")
    assert not onglet.defauts()
    page.get_by_role("button", name="Publier cette version").click()
    expect(page.locator("h1")).to_contain_text("15 étapes en 4 phases")

    page.get_by_role("link", name="Lancer une démarche").click()
    page.locator("#id_territoire").select_option(label="Gévaudan")
    page.get_by_label("Génération").fill("2029-2031")
    page.get_by_role("button", name="Voir le calendrier").click()
    expect(page.locator("main")).to_contain_text("la démarche mène à la signature vers le")
    assert not onglet.defauts()
    onglet.capturer("demarche-lancer")
    page.get_by_role("button", name="Lancer la démarche").click()
    expect(page.locator("main")).to_contain_text("La démarche 2029-2031 est lancée")

    page.get_by_role("link", name="Réunion des habitants").click()
    page.get_by_role("button", name="Enregistrer", exact=True).or_(
        page.get_by_role("button", name="Passer outre et dire l’étape faite")
    ).click()
    expect(page.locator("main")).to_contain_text("Ouvrez le plan d’actions")
    assert not onglet.defauts()
    onglet.capturer("etape-refusee")
    page.get_by_label("Raison de passer outre").fill("Le diagnostic est déjà connu.")
    page.get_by_role("button", name="Passer outre et dire l’étape faite").click()
    expect(page.locator("main")).to_contain_text(re.compile("Réunion des habitants.*est faite depuis"))


def test_l_elu_lit_le_pilotage_sur_un_telephone(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CONSEILLER, nav.TELEPHONE)
    page = onglet.page
    onglet.aller("/dispositifs/lozere/pilotage/")
    expect(page.locator("h1")).to_contain_text("en retard sur")
    assert not onglet.defauts()
    onglet.capturer("pilotage")
    page.get_by_label("Délai").select_option(label="en retard")
    page.get_by_role("button", name="Filtrer").click()
    expect(page).to_have_url(re.compile("retard=oui"))
    page.get_by_role("link", name="Calendrier").click()
    expect(page).to_have_url(re.compile("retard=oui"))
    assert not onglet.defauts()
    onglet.capturer("pilotage-calendrier")
