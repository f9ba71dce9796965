"""The two founding processes on two territories, from nothing to the meeting that ends the preparation."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from .chemin import CHEFFE
from .conftest import Ouvrir
from .navigateur import Onglet

CHARGEE = "Chargée de mission territoriale"
GENERATION = "2032-2034"


def lancer(onglet: Onglet, processus: str, territoire: str) -> str:
    """Launches a démarche on that territory; its address."""
    page = onglet.page
    onglet.aller(f"/processus/{processus}/")
    page.get_by_role("link", name="Lancer une démarche").click()
    page.locator("#id_territoire").select_option(label=territoire)
    page.get_by_label("Génération").fill(GENERATION)
    page.get_by_role("button", name="Voir le calendrier").click()
    expect(page.locator("main")).to_contain_text("la démarche mène à la signature vers le")
    page.get_by_role("button", name="Lancer la démarche").click()
    expect(page.locator("main")).to_contain_text(f"La démarche {GENERATION} est lancée")
    return page.url


def ouvrir_l_etape(page: Page, demarche: str, etape: str) -> None:
    page.goto(demarche)
    page.get_by_role("link", name=re.compile(re.escape(etape))).first.click()
    expect(page.locator("h1")).to_contain_text(etape)


def faire(page: Page, demarche: str, etape: str, motif: str = "") -> None:
    """Says a step done; `motif`: why one goes past what is missing."""
    ouvrir_l_etape(page, demarche, etape)
    if motif:
        page.get_by_label("Raison de passer outre").fill(motif)
        page.get_by_role("button", name="Passer outre et dire l’étape faite").click()
    else:
        page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("main")).to_contain_text(re.compile(f"{re.escape(etape)}.*est faite depuis"))


def tenir(onglet: Onglet, demarche: str, etape: str, *, faite: bool) -> None:
    """Prepares the meeting of a step, convenes, holds it, validates its minutes (`faite`: and the step)."""
    page = onglet.page
    ouvrir_l_etape(page, demarche, etape)
    page.get_by_role("link", name="Préparer la réunion").click()
    page.get_by_label("Titre").fill(etape[:60])
    page.get_by_label("Date").fill(date.today().isoformat())
    page.get_by_label("Heure").fill("14:00")
    page.get_by_label("Lieu").fill("Salle des fêtes")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="La réunion", exact=True).click()
    page.get_by_role("button", name="Convoquer").click()
    expect(page.locator("main")).to_contain_text("Les convocations sont parties.")
    assert not onglet.defauts()
    accueil = page.url
    page.get_by_role("link", name="Séance", exact=True).click()
    page.get_by_label(re.compile("^Présence de")).first.select_option("present")
    page.get_by_role("button", name="Enregistrer les présences").click()
    expect(page.locator("main")).to_contain_text("1 noté")
    page.goto(accueil)
    page.get_by_role("button", name="Dire que la réunion s’est tenue").click()
    expect(page.locator("main")).not_to_contain_text("Dire que la réunion s’est tenue")
    page.get_by_role("link", name="Compte rendu", exact=True).click()
    page.get_by_role("button", name="Soumettre le compte rendu").click()
    expect(page.locator("main")).to_contain_text("Une fois validé, le compte rendu ne change plus.")
    page.locator("input[name=avec_etape]").set_checked(faite)
    page.get_by_role("button", name="Valider le compte rendu").click()
    expect(page.locator("main")).to_contain_text("Envoyer à")


def passer(page: Page, demarche: str, geste: str) -> None:
    """Moves the démarche to its next phase."""
    page.goto(demarche)
    page.get_by_role("button", name=geste).click()
    expect(page.locator("main")).to_contain_text("La démarche est en phase")


def test_la_region_mene_un_territoire_jusqu_au_copil_de_finalisation(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHARGEE)
    page = onglet.page
    ici = lancer(onglet, "nouvelle-aquitaine", "Sud Vienne")
    tenir(onglet, ici, "Comité de pilotage de lancement", faite=True)
    page.goto(ici)
    expect(page.locator("#etapes, main").first).to_contain_text("Comité de pilotage de lancement")
    passer(page, ici, "Ouvrir le diagnostic")
    faire(page, ici, "Diagnostic partagé")
    faire(page, ici, "Première coordination des politiques sectorielles")
    passer(page, ici, "Ouvrir le plan d’actions")
    faire(
        page,
        ici,
        "Choix stratégiques et plan d’actions",
        "Les projets arrivent par le tableur du territoire.",
    )
    faire(page, ici, "Seconde coordination des politiques sectorielles")
    passer(page, ici, "Ouvrir la négociation")
    tenir(onglet, ici, "Comité de pilotage de finalisation", faite=False)
    ouvrir_l_etape(page, ici, "Comité de pilotage de finalisation")
    expect(page.locator("main")).to_contain_text("manque")
    assert not onglet.defauts()
    faire(page, ici, "Comité de pilotage de finalisation", "L’accord sera signé le jour du comité.")
    assert not onglet.defauts()


def test_le_departement_mene_un_territoire_jusqu_a_la_concertation(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    ici = lancer(onglet, "lozere", "Haut Allier Margeride")
    tenir(onglet, ici, "Présentation de la démarche aux élus", faite=True)
    passer(page, ici, "Ouvrir le diagnostic")
    faire(page, ici, "Diagnostic à partir des données de l’INSEE")
    faire(page, ici, "Partage du diagnostic et des enjeux")
    passer(page, ici, "Ouvrir le plan d’actions")
    faire(page, ici, "Recensement des projets et des priorités")
    ouvrir_l_etape(page, ici, "Rédaction des fiches projets")
    expect(page.locator("main")).to_contain_text("manque")
    faire(page, ici, "Rédaction des fiches projets", "Les communes écrivent leurs fiches.")
    passer(page, ici, "Ouvrir la négociation")
    tenir(onglet, ici, "Concertation territoriale et maquette financière", faite=False)
    faire(page, ici, "Concertation territoriale et maquette financière", "La maquette est arrêtée en séance.")
    assert not onglet.defauts()
