"""Gestures several journeys make on a fiche."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from .navigateur import Onglet

PLAN_SECRETAIRE = "/territoires/haut-allier-margeride/plan/"


def dans(jours: int) -> str:
    """A date field's value, that many days from today."""
    return (date.today() + timedelta(days=jours)).isoformat()


def deplier(page: Page, rubrique: str) -> None:
    """Opens a section of the form of a fiche; on a phone the others close, all but the first once loaded."""
    page.wait_for_load_state()
    section = page.locator("details.section-saisie").filter(has=page.get_by_text(rubrique, exact=True))
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    expect(section).to_have_attribute("open", "")


def remplir(page: Page, titre: str, cout: str) -> None:
    """The three sections that are enough to propose a fiche, with a plan of 100 000 €."""
    deplier(page, "L’essentiel")
    page.get_by_label("Intitulé").fill(titre)
    page.get_by_label("Description").fill("Murs, combles et fenêtres ; la salle sert à six associations.")
    page.locator("#id_maitre_ouvrage").select_option(index=1)
    page.locator("#id_theme").select_option(index=1)
    deplier(page, "Combien cela coûte")
    page.locator("#id_cout_ht").fill(cout)
    deplier(page, "Qui paie")
    page.locator("#id_aide_demandee").fill("20 000")
    page.locator("#id_lignes-0-financeur").select_option("etat")
    page.locator("#id_lignes-0-montant").fill("30 000")
    page.locator("#id_lignes-1-financeur").select_option("autofinancement")
    page.locator("#id_lignes-1-montant").fill("50 000,00")


def nouvelle_fiche(onglet: Onglet) -> None:
    """An empty form. What another journey left is given up: nothing is kept, nor said, until one chooses."""
    onglet.aller(f"{PLAN_SECRETAIRE}fiches/nouvelle/")
    if onglet.page.locator("#saisie-laissee").count():
        onglet.page.get_by_role("button", name="Abandonner").click()
        expect(onglet.page.locator("#saisie-laissee")).to_have_count(0)


def proposer_une_fiche(onglet: Onglet, titre: str) -> str:
    """The secretary's new fiche, proposed. Returns its path."""
    page = onglet.page
    nouvelle_fiche(onglet)
    remplir(page, titre, "100 000,00")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("h1")).to_have_text(titre)
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.locator("main")).to_contain_text("La fiche est maintenant « Proposée »")
    chemin = re.search(r"/territoires/.*?/fiches/\d+/", page.url)
    assert chemin
    return chemin.group()
