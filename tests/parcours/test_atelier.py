"""A workshop from its preparation to its minutes: the facilitator, the screen of the room, one phone."""

from __future__ import annotations

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import VOISIN
from .conftest import Ouvrir

ATELIERS = f"/territoires/{VOISIN}/diagnostic/ateliers/"


def test_de_la_preparation_au_compte_rendu(ouvrir: Ouvrir) -> None:
    salle, telephone = ouvrir(), ouvrir(None, nav.TELEPHONE)
    ecran, main = salle.page, telephone.page
    salle.aller(f"{ATELIERS}nouveau/")
    ecran.get_by_label("Lieu").fill("Salle des fêtes")
    ecran.get_by_role("button", name="Enregistrer").click()
    code = ecran.locator(".acces-code").inner_text()
    ecran.get_by_role("link", name="Projeter dans la salle").click()
    ecran.get_by_role("button", name="Ouvrir l’atelier").click()
    expect(ecran.locator(".geant")).to_have_text("0")

    telephone.aller("/a/")
    main.get_by_label("Code de l’atelier").fill(code.lower())
    main.get_by_role("button", name="Entrer").click()
    main.get_by_role("button", name="Table 2").click()
    expect(ecran.locator(".geant")).to_have_text("1")  # the screen follows by itself
    main.get_by_text("Menace", exact=True).click()
    main.get_by_label("Votre constat").fill("La dernière épicerie ferme.")
    main.get_by_role("button", name="Envoyer à la salle").click()
    expect(main.locator(".tel-dites")).to_contain_text("La dernière épicerie ferme.")
    assert not telephone.accessibilite()
    assert not telephone.deborde()
    telephone.capturer("parcours-atelier-telephone")

    while not ecran.locator("main.collecte").count():
        rang = int(ecran.locator("#scene").get_attribute("data-etape") or 0)
        ecran.keyboard.press("ArrowRight")
        expect(ecran.locator(f"#scene[data-etape='{rang + 1}']")).to_be_visible()
    expect(ecran.locator("main")).to_contain_text("La dernière épicerie ferme.")
    assert not salle.accessibilite()
    assert not salle.deborde()
    salle.capturer("parcours-atelier-collecte")

    ecran.keyboard.press("ArrowRight")
    ecran.get_by_role("button", name="Ouvrir le vote").click()
    main.get_by_role("link", name="Le vote est ouvert : voter").click()
    main.get_by_role("button", name="Placer un point").click()
    expect(main.locator("h1")).to_have_text("Il vous reste 4 points sur 5")
    expect(ecran.locator(".scene-rangs td")).to_have_text("1")
    ecran.keyboard.press("ArrowRight")
    ecran.get_by_role("button", name="Clore l’atelier").click()
    ecran.get_by_role("link", name="Quitter").click()
    ecran.get_by_role("link", name="Lire le compte rendu").click()
    expect(ecran.locator("main")).to_contain_text(
        "1 participant à 6 tables ; 1 constat, 1 point placé par 1 votant."
    )
    assert not salle.accessibilite()
    main.reload()
    expect(main.locator("h1")).to_have_text("Merci, l’atelier est clos")
