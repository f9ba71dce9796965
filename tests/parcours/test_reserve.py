"""The reserve: a territory asks from a phone, the authority assesses and grants, the balance moves."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from . import navigateur as nav
from .chemin import AGENT_EPCI, CHEFFE, DIRECTRICE, INSTRUCTRICE, SIGNE, T
from .conftest import Ouvrir

RESERVE = f"/territoires/{SIGNE}/reserve/"
PROJET = "37"
"""Drinking water, out of the contract, that the règlement lets aid."""
URGENCE = "L’analyse du 12 novembre interdit la distribution."


def _reste(page: Page) -> int:
    """What is left in the reserve, in cents, as the page of the territory says it."""
    trouve = re.search(r"Il reste\s+([\d\s]+),(\d\d)\s*€", page.locator("main").inner_text())
    assert trouve
    return int(re.sub(r"\s", "", trouve[1]) + trouve[2])


def test_une_demande_va_du_telephone_du_territoire_a_la_decision(ouvrir: Ouvrir) -> None:
    elle = ouvrir(DIRECTRICE, nav.TELEPHONE)
    page = elle.page
    elle.aller(RESERVE)
    avant = _reste(page)
    assert not elle.defauts()
    page.get_by_role("link", name="Nouvelle demande").click()
    assert not elle.defauts()
    page.get_by_label("Projet").select_option(PROJET)
    page.get_by_role("button", name="Continuer").click()
    montant = page.get_by_label("Aide demandée à la réserve")
    urgence, imprevisible = page.locator("textarea").all()
    montant.fill("deux mille")
    urgence.fill(URGENCE)
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.get_by_role("alert")).to_contain_text("2 corrections sont nécessaires")
    expect(page.locator("main")).to_contain_text("Répondez à ce critère pour déposer la demande")
    assert (montant.input_value(), urgence.input_value()) == ("deux mille", URGENCE)
    assert not elle.defauts()
    montant.fill("2 000,50")
    imprevisible.fill("Personne ne l’attendait quand le contrat a été signé.")
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.locator("main")).to_contain_text("La demande est déposée.")
    assert not elle.defauts()
    demande = page.url.removeprefix(elle.racine)

    service = ouvrir(INSTRUCTRICE)
    service.aller(demande)
    service.page.get_by_role("link", name="Rendre l’avis du service").click()
    service.page.get_by_label("défavorable", exact=True).check()
    service.page.get_by_role("button", name="Rendre l’avis du service").click()
    expect(service.page.get_by_role("alert")).to_contain_text("Un avis réservé ou défavorable se motive")
    expect(service.page.get_by_label("défavorable", exact=True)).to_be_checked()
    assert not service.defauts()
    service.page.get_by_label("favorable", exact=True).check()
    service.page.get_by_role("button", name="Rendre l’avis du service").click()
    expect(service.page.locator("main")).to_contain_text("L’avis est rendu.")

    autorite = ouvrir(CHEFFE)
    autorite.aller(demande)
    autorite.page.get_by_role("link", name="Accorder", exact=True).click()
    accorde = autorite.page.get_by_label("Montant accordé")
    accorde.fill("9 999")
    autorite.page.get_by_role("button", name="Accorder").click()
    expect(autorite.page.get_by_role("alert")).to_contain_text("accordez ce montant au plus")
    assert accorde.input_value() == "9 999"
    accorde.fill("1 500")
    autorite.page.get_by_role("button", name="Accorder").click()
    expect(autorite.page.locator("main")).to_contain_text("le montant est réservé")
    assert not autorite.defauts()
    elle.aller(RESERVE)
    assert _reste(page) == avant - 150_000
    autorite.aller("/dispositifs/lozere/reserve/")
    expect(autorite.page.locator("tr", has_text="2 000,50")).to_contain_text("1 500,00")
    assert not autorite.defauts()
    elle.capturer("parcours-reserve")


def test_sans_contrat_en_vigueur_le_depot_dit_pourquoi_et_garde_le_brouillon(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(AGENT_EPCI)
    page = onglet.page
    onglet.aller(f"{T}/reserve/1/modifier/")
    reponse = page.locator("textarea").nth(1)
    reponse.fill("La crue du mois de novembre.")
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.get_by_role("alert")).to_contain_text("Le contrat est en vigueur")
    assert reponse.input_value() == "La crue du mois de novembre."
    assert not onglet.defauts()
