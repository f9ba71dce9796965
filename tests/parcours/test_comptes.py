"""An account, from the invitation to the passkey: two people, two browsers, one virtual authenticator."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from . import navigateur as nav
from .chemin import CHEFFE

PHRASE = "une phrase que je suis seule à connaître"
COURRIEL = "anne.roux@bureau.example"


@pytest.fixture
def ici(racine: str) -> str:
    """Passkeys are made for a name, never for a bare address."""
    return racine.replace("127.0.0.1", "localhost")


@pytest.fixture
def ouvrir_ici(navigateur: Browser, ici: str) -> Iterator[Callable[[], nav.Onglet]]:
    ouverts = []

    def ouvrir() -> nav.Onglet:
        contexte = nav.contexte(navigateur)
        fenetre = contexte.__enter__()
        ouverts.append(contexte)
        return nav.Onglet(fenetre.new_page(), ici)

    yield ouvrir
    for contexte in ouverts:
        contexte.__exit__(None, None, None)


def _dernier_lien(donnees: Path, pour: str, motif: str) -> str:
    """The link of the last mail queued for that address."""
    requete = "SELECT texte FROM notifications_courriel WHERE destinataire = ? ORDER BY id DESC LIMIT 1"
    with closing(sqlite3.connect(donnees / "arpent.sqlite3")) as base:
        (texte,) = base.execute(requete, [pour]).fetchone()
    trouve = re.search(motif, texte)
    assert trouve
    return str(trouve[1])


def _authentificateur(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_de_l_invitation_a_la_cle_d_acces(
    ouvrir_ici: Callable[[], nav.Onglet], donnees: Path, ici: str
) -> None:
    cheffe, anne = ouvrir_ici(), ouvrir_ici()
    nav.se_connecter(cheffe.page, ici, CHEFFE)
    cheffe.aller("/invitations/nouvelle/")
    cheffe.page.select_option("[name=role]", "invite")
    cheffe.page.select_option("[name=territoire]", index=1)
    cheffe.page.click("text=Continuer")
    for nom, valeur in {"nom": "Roux", "prenom": "Anne", "courriel": COURRIEL}.items():
        cheffe.page.fill(f"[name={nom}]", valeur)
    cheffe.page.fill("[name=fin]", str(date.today() + timedelta(days=60)))
    cheffe.page.click("text=Envoyer l’invitation")
    expect(cheffe.page.locator("main")).to_contain_text(f"envoyée à {COURRIEL}")
    assert not cheffe.defauts()

    anne.page.goto(ici + _dernier_lien(donnees, COURRIEL, r"https?://[^/]+(/invitation/\S+)"))
    assert not anne.defauts()
    anne.page.fill("[name=nouveau]", PHRASE)
    anne.page.fill("[name=encore]", PHRASE)
    anne.page.click("button:has-text('Ouvrir mon compte')")
    expect(anne.page.locator(".bandeau")).to_contain_text("Anne Roux")

    anne.aller("/compte/code/")
    anne.page.click("text=Ajouter un code temporel")
    assert not anne.defauts()
    secret = pyotp.TOTP(anne.page.locator("ol code").inner_text())
    anne.page.fill("[name=code]", secret.now())
    anne.page.click("text=Mettre en service")
    expect(anne.page.locator("ol code")).to_have_count(10)
    secours = anne.page.locator("ol code").first.inner_text()
    assert not anne.defauts()

    _authentificateur(anne.page)
    anne.aller("/compte/cles/")
    anne.page.fill("[name=nom]", "Portable")
    anne.page.click("text=Créer une clé d’accès")
    expect(anne.page.locator("main")).to_contain_text(
        "« Portable » est enregistrée".replace(" ", "\u00a0", 1)
    )
    assert not anne.defauts()

    _sortir(anne)
    anne.page.fill("[name=username]", COURRIEL)
    anne.page.fill("[name=password]", PHRASE)
    anne.page.click("button:has-text('Se connecter')")
    assert not anne.defauts()
    anne.page.fill("[name=code]", secours)
    anne.page.click("button:has-text('Entrer')")
    expect(anne.page.locator(".bandeau")).to_contain_text("Anne Roux")

    _sortir(anne)
    anne.page.click("text=Entrer avec une clé d’accès")
    expect(anne.page.locator(".bandeau")).to_contain_text("Anne Roux")
    anne.aller("/compte/")
    expect(anne.page.locator("main")).to_contain_text("clé d’accès")
    assert not anne.defauts()
    assert not anne.plaintes
    assert not cheffe.plaintes


def _sortir(onglet: nav.Onglet) -> None:
    onglet.page.locator(".menu summary").click()
    onglet.page.click("text=Se déconnecter")
    expect(onglet.page.locator("h1")).to_contain_text("Du diagnostic au contrat")


def test_un_mot_de_passe_perdu_se_retrouve_par_la_boite_aux_lettres(
    ouvrir_ici: Callable[[], nav.Onglet], donnees: Path, ici: str
) -> None:
    onglet = ouvrir_ici()
    onglet.aller("/connexion/")
    onglet.page.click("text=Mot de passe perdu")
    onglet.page.fill("[name=courriel]", "chef.projet@demo.arpent.fr")
    onglet.page.click("text=Recevoir le lien")
    expect(onglet.page.locator("h1")).to_contain_text("Regardez votre messagerie")
    onglet.page.goto(
        ici
        + _dernier_lien(donnees, "chef.projet@demo.arpent.fr", r"https?://[^/]+(/mot-de-passe/choisir/\S+)")
    )
    assert not onglet.defauts()
    onglet.page.fill("[name=nouveau]", PHRASE)
    onglet.page.fill("[name=encore]", PHRASE)
    onglet.page.click("text=Changer le mot de passe")
    onglet.page.fill("[name=username]", "chef.projet@demo.arpent.fr")
    onglet.page.fill("[name=password]", PHRASE)
    onglet.page.click("button:has-text('Se connecter')")
    expect(onglet.page.locator(".bandeau")).to_contain_text("Claire Vidal")
    assert not onglet.plaintes
