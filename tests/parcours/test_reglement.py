"""The next version of a règlement, from the one in force to the fiche that follows it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .chemin import CHEFFE, VITRINE
from .conftest import Ouvrir
from .gestes import dans

DISPOSITIF = "/dispositifs/lozere/"
FICHE = f"/territoires/{VITRINE}/plan/fiches/1/"
"""Services et vie quotidienne, 750 000 € : 30 % then capped at 200 000 € ; 20 % are 150 000 €."""
AVANT, APRES = "200\u202f000,00\u00a0€", "150\u202f000,00\u00a0€"


def _aide(page: Page) -> str:
    return page.get_by_role("heading", name="Aide maximale possible").inner_text()


def _ouvrir_un_brouillon(page: Page) -> str:
    page.get_by_role("link", name="Écrire un règlement").click()
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    expect(page.locator("h1")).to_contain_text("prêt à relire")
    return page.url


def test_d_un_taux_change_a_la_fiche_qui_le_suit(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(FICHE)
    assert AVANT in _aide(page)
    onglet.aller(DISPOSITIF)
    brouillon = _ouvrir_un_brouillon(page)
    assert not onglet.defauts()
    onglet.capturer("reglement-brouillon")

    page.goto(f"{brouillon}articles/4/regles/1/")
    page.locator("[name='taux-1-v-demo']").fill("20 %")
    page.get_by_role("button", name="Relire sans enregistrer").click()
    expect(page.locator(".comprise")).to_contain_text("Services et vie quotidienne : 20 %")
    page.get_by_role("button", name="Enregistrer la règle").click()
    expect(page.locator("main")).to_contain_text("20 %")

    page.goto(f"{brouillon}apercu/")
    expect(page.locator("h1")).to_contain_text("Le brouillon donne")
    page.get_by_label("Quelles fiches").select_option(label="Celles que je cherche")
    page.get_by_label("Mots cherchés").fill("stade en pelouse")
    page.get_by_role("button", name="Essayer").click()
    expect(page.get_by_role("row").filter(has_text="Création d’un stade").first).to_contain_text(
        re.compile(r"150\s000")
    )
    assert not onglet.defauts()
    onglet.capturer("reglement-apercu")

    page.goto(brouillon)
    page.get_by_role("link", name="Comparer ce brouillon à une version").click()
    expect(page.locator("h1")).to_contain_text(
        re.compile(r"d’aide en moins\s:\s0\sfiche y gagne, \d+ y perdent")
    )
    assert not onglet.defauts()
    onglet.capturer("reglement-comparaison")

    page.goto(f"{brouillon}publier/")
    expect(page.locator("main")).to_contain_text("20 %")
    assert not onglet.defauts()
    onglet.capturer("reglement-publier")
    page.get_by_label("Numéro").fill("CD_26_099 (acte d’essai)")
    page.get_by_label("Assemblée").fill("Conseil départemental")
    page.locator("#id_adoptee_le").fill(dans(-3))
    page.locator("#id_en_vigueur_le").fill(dans(0))
    page.get_by_role("button", name="Publier cette version").click()
    expect(page.locator("main")).to_contain_text("version 2")

    onglet.aller(FICHE)
    assert APRES in _aide(page)
    expect(page.locator("#preinstruction")).to_contain_text("Depuis, la fiche ou le règlement ont changé")
    onglet.aller(f"{DISPOSITIF}versions/2/depuis/1/")
    expect(page.locator("main")).to_contain_text("20 %")
    assert not onglet.defauts()
    onglet.capturer("reglement-differences")


def test_une_contradiction_arrete_la_publication_et_montre_le_cas(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(DISPOSITIF)
    brouillon = _ouvrir_un_brouillon(page)
    page.goto(f"{brouillon}articles/4/regles/4/")
    assert not onglet.defauts()
    page.locator("[name$='-demo']").first.fill("300 000")
    page.get_by_role("button", name="Enregistrer la règle").click()
    page.goto(f"{brouillon}publier/")
    expect(page.locator("h1")).to_contain_text("La publication attend 1 correction")
    expect(page.get_by_role("button", name="Publier cette version")).to_have_count(0)
    assert not onglet.defauts()
    onglet.capturer("reglement-contradiction")


def test_les_pages_de_l_editeur_se_lisent_a_toutes_les_tailles(ouvrir: Ouvrir) -> None:
    onglet = ouvrir(CHEFFE)
    page = onglet.page
    onglet.aller(DISPOSITIF)
    brouillon = _ouvrir_un_brouillon(page)
    chemins = {
        "tete": "tete/",
        "historique": "historique/",
        "article": "articles/4/",
        "article-nouveau": "articles/nouveau/",
        "catalogue": "articles/4/regles/nouvelle/",
        "regle-taux": "articles/4/regles/1/",
        "regle-plafond": "articles/4/regles/3/",
        "regle-themes": "articles/1/regles/1/",
    }
    defauts: list[str] = []
    for nom, chemin in chemins.items():
        page.goto(brouillon + chemin)
        defauts += onglet.defauts()
        onglet.capturer(f"reglement-{nom}")
    assert not defauts, "\n".join(defauts)
