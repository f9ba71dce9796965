"""A fiche between the authority and its owner: an avis asked, a field sent back, answered, proposed again."""

from __future__ import annotations

from playwright.sync_api import expect

from . import navigateur as nav
from .chemin import SECRETAIRE
from .conftest import Ouvrir
from .gestes import dans, deplier, proposer_une_fiche

INSTRUCTRICE = "Instructrice voirie"


def test_un_avis_demande_un_champ_a_corriger_une_reponse_et_la_fiche_revient(ouvrir: Ouvrir) -> None:
    mairie, service = ouvrir(SECRETAIRE, nav.TELEPHONE), ouvrir(INSTRUCTRICE)
    fiche = proposer_une_fiche(mairie, "Réfection du pont de la mairie")

    bureau = service.page
    service.aller(f"{fiche}avis/demander/")
    assert not service.defauts()
    bureau.get_by_label("Service ou partenaire").fill("Direction des routes")
    bureau.get_by_label("Question").fill("Le pont supporte-t-il les cars ?")
    bureau.get_by_label("Attendu pour le").fill(dans(15))
    bureau.get_by_role("button", name="Envoyer la demande d’avis").click()
    expect(bureau.locator("#avis")).to_contain_text("Le pont supporte-t-il les cars ?")

    service.aller(f"{fiche}corrections/")
    bureau.locator("select[name$='-champ']").first.select_option("description")
    bureau.locator("textarea[name$='-texte']").first.fill("Dites qui emprunte ce pont chaque jour.")
    bureau.get_by_role("button", name="Renvoyer la fiche").click()
    expect(bureau.locator("main")).to_contain_text("Dites qui emprunte ce pont chaque jour.")
    service.capturer("instruction-corrections")

    poste = mairie.page
    mairie.aller("/")
    expect(poste.locator("main")).to_contain_text("Réfection du pont de la mairie")
    mairie.aller(f"{fiche}modifier/")
    expect(poste.locator("#groupe-essentiel, #saisie").first).to_contain_text("Dites qui emprunte ce pont")
    assert not mairie.defauts((nav.TELEPHONE,))
    deplier(poste, "L’essentiel")
    poste.get_by_label("Description").fill("Quarante élèves et douze riverains l’empruntent chaque jour.")
    poste.get_by_role("button", name="Enregistrer la fiche").click()
    expect(poste.locator("main")).to_contain_text("Quarante élèves")
    poste.get_by_label("Votre réponse").first.fill("Les usagers sont précisés.")
    poste.get_by_label("C’est corrigé").check()
    mairie.capturer("instruction-reponse-telephone")
    poste.get_by_role("button", name="Répondre", exact=True).click()
    poste.get_by_role("button", name="Proposer", exact=True).first.click()
    expect(poste.locator("main")).to_contain_text("La fiche est maintenant « Proposée »")

    service.aller(fiche)
    expect(bureau.locator("#corrections")).to_contain_text("Les usagers sont précisés.")
    assert not service.defauts()
    bureau.get_by_role("link", name="Rendre cet avis").click()
    bureau.get_by_label("Réservé").first.check()
    bureau.get_by_label("Motifs").fill("Oui, jusqu’à 19 tonnes ; au-delà, un contrôle est nécessaire.")
    service.capturer("instruction-avis")
    bureau.get_by_role("button", name="Rendre").click()
    expect(bureau.locator("#avis")).to_contain_text("jusqu’à 19 tonnes")
