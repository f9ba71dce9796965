"""People: an election day, a guest whose access ends, who to call, a stand-in."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from . import navigateur as nav
from .conftest import Ouvrir

INVITE = "Bureau d’études invité"
LISTE = (
    "Code du département;Code de la commune;Libellé de la commune;Nom de l'élu;Prénom de l'élu;Code sexe;"
    "Date de naissance;Date de début de la fonction\n"
    "48;48005;Antrenas;DUPONCEL;Amandine;F;01/01/1980;01/11/2026\n"
    "01;01001;Ailleurs;HORS;Jeu;M;01/01/1980;01/11/2026\n"
    "48;48999;Nulle part;INCONNU;Luc;M;01/01/1980;01/11/2026\n"
)


def test_une_liste_d_elus_s_apercoit_puis_s_applique(ouvrir: Ouvrir) -> None:
    onglet = ouvrir()
    page = onglet.page
    onglet.aller("/organisations/")
    page.get_by_role("link", name="Après une élection").click()
    assert not onglet.defauts()
    fichier = {"name": "maires.csv", "mimeType": "text/csv", "buffer": LISTE.encode()}
    page.get_by_label("Liste des élus").set_input_files(fichier)  # type: ignore[arg-type]
    page.get_by_label("Premier jour des nouveaux mandats").fill("2026-11-01")
    page.get_by_role("button", name="Lire la liste").click()
    expect(page.locator("h1")).to_have_text("1 départ, 1 arrivée")
    expect(page.get_by_role("row", name="INCONNU")).to_contain_text("structure")
    expect(page.get_by_role("row", name="Amandine DUPONCEL ligne 2")).to_contain_text("nouvelle personne")
    assert not onglet.defauts()
    page.get_by_role("button", name="Appliquer la liste").click()
    expect(page.locator("h1")).to_contain_text("1 départ et 1 arrivée appliqués")
    expect(page.get_by_role("row", name="Amandine Duponcel")).to_contain_text("maire")
    assert not onglet.defauts()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Rapport ligne à ligne").click()
    assert telechargement.value.suggested_filename == "election-2026-11-01.xlsx"
    page.get_by_role("link", name="Inviter comme maire").click()
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_have_value("Duponcel")
    expect(page.get_by_label("Structure représentée").locator("option:checked")).to_contain_text("Antrenas")
    assert not onglet.defauts()
    page.get_by_label("Adresse électronique").fill("mairie.antrenas@exemple.fr")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text("L’invitation est envoyée à mairie.antrenas@exemple.fr.")).to_be_visible()
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Amandine Duponcel", exact=True).click()
    expect(page.locator("h1")).to_have_text("Amandine Duponcel")


def test_un_invite_dont_l_acces_se_termine_lit_pourquoi(ouvrir: Ouvrir) -> None:
    invite = ouvrir(INVITE)
    assert invite.aller("/territoires/gorges-causses-cevennes/") == 200
    assert invite.aller("/organisations/") == 403
    cheffe = ouvrir()
    cheffe.aller("/habilitations/?role=invite")
    cheffe.page.get_by_role("link", name="Lise Montrozat").click()
    assert not cheffe.defauts()
    cheffe.page.get_by_label("Dernier jour").fill((date.today() - timedelta(days=1)).isoformat())
    cheffe.page.get_by_label("Motif").fill("Étude rendue")
    cheffe.page.get_by_role("button", name="Clore l’accès").click()
    expect(cheffe.page.get_by_text("L’accès est clos.")).to_be_visible()
    invite.plaintes.clear()
    invite.aller("/territoires/gorges-causses-cevennes/")
    assert "/connexion/" in invite.page.url, "la session ouverte avant est morte avant sa page suivante"
    nav.se_connecter(invite.page, invite.racine, INVITE)
    expect(invite.page.locator("h1")).to_contain_text("Votre accès est terminé depuis le")
    expect(invite.page.get_by_text("demandez une prolongation à Claire Vidal")).to_be_visible()
    assert not invite.defauts()


def test_qui_appeler_pour_un_theme_sur_un_telephone(ouvrir: Ouvrir) -> None:
    onglet = ouvrir("Maire", taille=nav.TELEPHONE)
    onglet.aller("/territoires/gorges-causses-cevennes/")
    onglet.page.get_by_role("link", name="Vos interlocuteurs sur ce territoire").click()
    tous = onglet.page.locator("tbody tr").count()
    onglet.page.get_by_label("Pour un projet de").select_option("voirie")
    onglet.page.get_by_role("button", name="Voir").click()
    expect(onglet.page.locator("h1")).to_contain_text("Voirie")
    assert 0 < onglet.page.locator("tbody tr").count() < tous
    assert not onglet.defauts()


def test_une_absence_se_declare_et_se_voit_chez_qui_remplace(ouvrir: Ouvrir) -> None:
    hugo = ouvrir("Mission d’appui")
    hugo.aller("/absences/")
    hugo.page.get_by_label("Qui vous remplace").select_option(label="Nadia Roux")
    hugo.page.get_by_label("Au", exact=False).last.fill(date.today().isoformat())
    hugo.page.get_by_role("button", name="Noter l’absence").click()
    expect(hugo.page.get_by_text("Votre absence est notée, la personne")).to_be_visible()
    assert not hugo.defauts()
    nadia = ouvrir("Instructrice")
    nadia.aller("/")
    expect(nadia.page.get_by_text("Vous remplacez Hugo Pages")).to_be_visible()
    hugo.page.get_by_role("button", name="Je suis de retour").click()
    expect(hugo.page.get_by_text("Vous êtes de retour")).to_be_visible()
