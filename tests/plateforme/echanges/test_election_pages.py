"""The pages of an election day, and its command."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.acteurs.models import Habilitation, Mandat, Personne
from arpent.plateforme.config.commande import main
from arpent.plateforme.echanges.lecture import ouvrir
from arpent.plateforme.echanges.models import ImportElus
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
ENTETES = "Structure;Fonction;Civilité;Nom;Prénom;Courriel"
LIGNE = "Chirac;maire;Madame;PONS;Jeanne;mairie@exemple.fr"


@pytest.fixture
def sortant(demarche):
    """The mayor in office, with an account."""
    chirac = demarche.territoire.groupements.get().membres.get(nom="Chirac").organisation
    compte = fabrique.agent("maire", demarche, pour=chirac)
    personne = Personne.objects.create(nom="Roux", prenom="Paul", agent=compte)
    personne.mandats.create(organisation=chirac, fonction="maire", debut=date(2020, 5, 25))
    return compte


def envoyer(chef, *lignes, **champs):
    contenu = "\n".join([ENTETES, *lignes]).encode()
    fichier = SimpleUploadedFile("élus.csv", contenu, "text/csv")
    page = chef.get("/election/").text
    cle = page.split('name="autorite"')[1].split('<option value="')[1].split('"')[0]
    envoi = {"fichier": fichier, "le": "2026-03-22", "autorite": cle, "complete": "on"} | champs
    return chef.post("/election/", envoi)


def test_du_fichier_au_rapport(chef, sortant, tmp_path):
    reponse = envoyer(chef, LIGNE)
    assert reponse.status_code == 302
    apercu = chef.get(reponse.url).text
    assert "1 départ, 1 arrivée" in apercu
    assert "Paul Roux" in apercu
    assert "Accès" in apercu
    lecture = ImportElus.objects.get()
    empreinte = apercu.split('name="empreinte" value="')[1].split('"')[0]
    assert chef.post(f"{reponse.url}appliquer/", {"empreinte": "vieille"}).status_code == 302
    assert ImportElus.objects.get().etat == "lu"
    chef.post(f"{reponse.url}appliquer/", {"empreinte": empreinte})
    resultat = chef.get(reponse.url).text
    assert "À inviter" in resultat
    assert Habilitation.objects.get(agent=sortant).fin == date(2026, 3, 21)
    rapport = tmp_path / "rapport.xlsx"
    rapport.write_bytes(chef.get(f"{reponse.url}rapport.xlsx").content)
    lues = ouvrir(rapport, departements=()).feuilles[0]["lignes"]
    assert [x[1] for x in lues] == ["arrive", "part"]
    assert lecture.pk == ImportElus.objects.get().pk


def test_le_meme_envoi_deux_fois_est_une_seule_liste(chef, sortant):
    assert envoyer(chef, LIGNE).url == envoyer(chef, LIGNE).url
    assert ImportElus.objects.count() == 1


def test_un_fichier_illisible_dit_quoi_faire(chef, sortant):
    reponse = envoyer(chef)
    assert reponse.status_code == 400
    assert "ajoutez au moins une personne" in reponse.text


def test_le_modele_se_relit(chef, sortant, tmp_path):
    modele = tmp_path / "modele.xlsx"
    modele.write_bytes(chef.get("/election/modele.xlsx").content)
    feuille = ouvrir(modele, departements=()).feuilles[0]
    assert feuille["entetes"][:5] == ["Structure", "Fonction", "Civilité", "Nom", "Prénom"]
    assert feuille["lignes"][0][3] == "Exemple"


def test_une_liste_abandonnee_ne_change_rien(chef, sortant):
    url = envoyer(chef, LIGNE).url
    assert chef.post(f"{url}abandonner/").status_code == 302
    assert chef.get(url).status_code == 404
    assert ImportElus.objects.get().lignes == []
    assert Mandat.objects.get().fin is None


def test_un_instructeur_n_a_pas_la_page(demarche, connecte):
    assert connecte(fabrique.agent("instructeur", demarche)).get("/election/").status_code == 403


def test_la_commande_dit_puis_applique(demarche, chef, sortant, tmp_path, capsys):
    autorite = demarche.autorite
    autorite.siren = "224800011"
    autorite.save()
    fichier = tmp_path / "élus.csv"
    fichier.write_text(f"{ENTETES}\n{LIGNE}\n", encoding="utf-8")
    commande = ["gens", "importer", str(fichier), "--autorite", "224800011", "--le", "2026-03-22"]
    assert main([*commande, "--apercu", "--json"]) == 0
    bilan = json.loads(capsys.readouterr().out)
    assert ([x["nom"] for x in bilan["partent"]], bilan["applique"]) == (["Paul Roux"], False)
    assert Mandat.objects.count() == 1
    assert main([*commande, "--appliquer"]) == 0
    assert "arrive    Jeanne PONS" in capsys.readouterr().out
    assert Mandat.objects.get(fin=None).personne.nom == "Pons"
    assert main([*commande, "--par", "nul@exemple.fr"]) == 2
    assert main([*commande[:3], "--autorite", "000000000", "--le", "2026-03-22"]) == 2


def test_les_autres_commandes_repondent(demarche, chef, sortant, capsys):
    assert main(["gens", "interlocuteurs", demarche.slug, "--json"]) == 0
    rubriques = json.loads(capsys.readouterr().out)["rubriques"]
    assert rubriques[0]["titre"] == "Votre premier contact"
    assert main(["gens", "habilitations", "--json"]) == 0
    assert {x["role"] for x in json.loads(capsys.readouterr().out)} == {"chef_de_projet", "maire"}


def test_qui_arrive_avec_un_compte_se_voit_proposer_le_role(chef, sortant, demarche):
    """The deputy mayor has an account already: the page offers to give them the role of mayor."""
    chirac = demarche.territoire.groupements.get().membres.get(nom="Chirac").organisation
    compte = fabrique.agent("secretaire_mairie", demarche, pour=chirac)
    adjointe = Personne.objects.create(nom="Pons", prenom="Jeanne", agent=compte)
    adjointe.mandats.create(organisation=chirac, fonction="adjoint", debut=date(2020, 5, 25))
    reponse = envoyer(chef, LIGNE)
    empreinte = chef.get(reponse.url).text.split('name="empreinte" value="')[1].split('"')[0]
    chef.post(f"{reponse.url}appliquer/", {"empreinte": empreinte})
    page = chef.get(reponse.url).text
    assert "Rôle à donner" in page.replace("\xa0", " ")
    lien = page.split('href="/habilitations/donner/')[1].split('"')[0].replace("&amp;", "&")
    formulaire = chef.get(f"/habilitations/donner/{lien}").text
    assert f'value="{compte.courriel}"' in formulaire
    assert '<option value="maire" selected>' in formulaire
