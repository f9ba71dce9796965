"""What is typed is kept before it is saved, comes back, and tells the others who is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from arpent.plateforme.plans.models import Fiche, SaisieEnCours
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
NOUVELLE = "/territoires/gevaudan/plan/fiches/nouvelle/"
URL = "/territoires/gevaudan/plan/fiches/3/modifier/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def mairie():
    return fabrique.organisation("commune", "Chirac")


@pytest.fixture
def secretaire(demarche, mairie):
    return fabrique.agent("secretaire_mairie", demarche, pour=mairie, prenom="Lise", nom="Bastide")


def test_la_saisie_est_gardee_et_dit_ce_qui_manque(demarche, mairie, secretaire, connecte):
    client = connecte(secretaire)
    envoi = {"titre": "Toiture", "maitre_ouvrage": mairie.pk, "cout_ht": "100 000", "aide_demandee": "20000",
             "version_lue": 1}  # fmt: skip
    texte = client.post(f"{NOUVELLE}saisie/", envoi).content.decode()
    assert "Il manque 80\u202f000,00\xa0€ au plan de financement" in texte
    assert "#id_theme" in texte
    assert "Saisie gardée à" in texte
    assert Fiche.objects.count() == 0
    assert SaisieEnCours.objects.get().donnees["titre"] == ["Toiture"]


def test_une_saisie_fausse_est_gardee_aussi(secretaire, connecte):
    texte = connecte(secretaire).post(f"{NOUVELLE}saisie/", {"cout_ht": "beaucoup"}).content.decode()
    assert "à corriger" in texte
    assert SaisieEnCours.objects.get().donnees["cout_ht"] == ["beaucoup"]


def test_le_formulaire_rouvert_propose_de_reprendre_ou_d_abandonner(secretaire, connecte):
    client = connecte(secretaire)
    client.post(f"{NOUVELLE}saisie/", {"titre": "Toiture de l’école", "cout_ht": "beaucoup"})
    page = client.get(NOUVELLE).content.decode()
    assert "Vous aviez commencé une saisie le" in page
    assert "Toiture de l’école" not in page
    reprise = client.get(f"{NOUVELLE}?reprendre=1").content.decode()
    assert "Toiture de l’école" in reprise
    assert "beaucoup" in reprise
    client.post(f"{NOUVELLE}abandon/")
    assert "Vous aviez commencé" not in client.get(NOUVELLE).content.decode()
    assert not SaisieEnCours.objects.exists()


def test_la_saisie_survit_a_la_session(secretaire, connecte, client):
    premier = connecte(secretaire)
    premier.post(f"{NOUVELLE}saisie/", {"titre": "Toiture"})
    premier.logout()
    assert premier.get(NOUVELLE).status_code == 302
    assert "Vous aviez commencé" in connecte(secretaire).get(NOUVELLE).content.decode()


def test_enregistrer_oublie_la_saisie_gardee(mairie, secretaire, connecte):
    client = connecte(secretaire)
    envoi = {"titre": "Toiture", "maitre_ouvrage": mairie.pk, "version_lue": 1}
    client.post(f"{NOUVELLE}saisie/", envoi)
    assert client.post(NOUVELLE, envoi).status_code == 302
    assert Fiche.objects.get().titre == "Toiture"
    assert not SaisieEnCours.objects.exists()


def test_garder_pour_plus_tard_ne_bloque_jamais(secretaire, connecte):
    client = connecte(secretaire)
    envoi = {"titre": "", "cout_ht": "beaucoup", "brouillon": "1", "_soumission": "jeton"}
    reponse = client.post(NOUVELLE, envoi, follow=True)
    texte = reponse.content.decode()
    assert reponse.redirect_chain == [(f"{NOUVELLE}?reprendre=1", 302)]
    assert "Votre saisie est gardée telle quelle" in texte
    assert "beaucoup" in texte


def test_verifier_sans_javascript_rend_la_page_entiere_calculee(mairie, secretaire, connecte):
    envoi = {"titre": "Toiture", "maitre_ouvrage": mairie.pk, "verifier": "1", "depenses-TOTAL_FORMS": 2,
             "depenses-INITIAL_FORMS": 0, "depenses-0-libelle": "Lot 1", "depenses-0-montant": "1 000,50",
             "depenses-1-libelle": "Lot 2", "depenses-1-montant": "2 000",
             "_soumission": "jeton"}  # fmt: skip
    page = connecte(secretaire).post(f"{NOUVELLE}saisie/", envoi)
    assert page.status_code == 200
    assert "3\u202f000,50\xa0€" in page.content.decode()
    assert "<h1>Nouvelle fiche projet" in page.content.decode()
    assert Fiche.objects.count() == 0
    assert SaisieEnCours.objects.get().donnees["titre"] == ["Toiture"]


def test_on_voit_qui_d_autre_a_la_fiche_ouverte(demarche, mairie, secretaire, connecte):
    fiche = fabrique.fiche(demarche, numero=3, maitre_ouvrage=mairie, etat="brouillon")
    connecte(secretaire).post(f"{URL}saisie/", {"_presence": "1"})
    chef = connecte(fabrique.agent("chef_de_projet", demarche, prenom="Anne", nom="Roux"))
    texte = chef.post(f"{URL}saisie/", {"_presence": "1"}).content.decode()
    assert "Lise Bastide" in texte
    assert "Anne Roux" not in texte
    assert "Saisie gardée" not in texte
    SaisieEnCours.objects.filter(fiche=fiche, agent=secretaire).update(
        vue_le=timezone.now() - timedelta(seconds=91)
    )
    assert "Lise Bastide" not in chef.get(URL).content.decode()


def test_dire_qu_on_est_la_ne_touche_pas_ce_qui_est_garde(demarche, mairie, secretaire, connecte):
    fabrique.fiche(demarche, numero=3, maitre_ouvrage=mairie, etat="brouillon")
    client = connecte(secretaire)
    client.post(f"{URL}saisie/", {"titre": "Gardé"})
    client.post(f"{URL}saisie/", {"titre": "Autre", "_presence": "1"})
    assert SaisieEnCours.objects.get().donnees["titre"] == ["Gardé"]


def test_une_saisie_demesuree_est_refusee(secretaire, connecte):
    reponse = connecte(secretaire).post(f"{NOUVELLE}saisie/", {"description": "x" * 600_000})
    assert reponse.status_code == 400
    assert not SaisieEnCours.objects.exists()


def test_la_saisie_d_un_autre_ne_se_voit_pas(demarche, mairie, secretaire, connecte):
    connecte(secretaire).post(f"{NOUVELLE}saisie/", {"titre": "Secret"})
    collegue = connecte(fabrique.agent("maire", demarche, pour=mairie))
    assert "Vous aviez commencé" not in collegue.get(NOUVELLE).content.decode()
    assert "Secret" not in collegue.get(f"{NOUVELLE}?reprendre=1").content.decode()


def test_ce_qui_est_connu_est_prerempli(demarche, connecte):
    commune = fabrique.commune("Chirac", population=1160, code="48049")
    mairie = fabrique.organisation("commune", "Commune de Chirac", commune=commune, siren="214800492")
    groupement = demarche.territoire.groupements.get()
    groupement.appartenances.create(commune=commune, debut="2017-01-01")
    agent = fabrique.agent("secretaire_mairie", demarche, pour=mairie, fonction="Secrétaire", nom="Bastide")
    page = connecte(agent).get(NOUVELLE).content.decode()
    assert "1160 habitants" in page
    assert "214800492" in page
    assert 'value="frr" id="id_zonages_0" checked' in page or 'value="frr_plus"' in page
    assert 'value="48049" selected' in page
    assert 'value="Secrétaire"' in page
