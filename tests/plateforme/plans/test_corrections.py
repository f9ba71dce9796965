"""Sending a fiche back field by field, and the owner's answers."""

import pytest

from arpent.plateforme.plans.corrections import corrections_ouvertes
from arpent.plateforme.plans.models import Commentaire, Fiche
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
XSS = "<svg onload=alert(1)>"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


@pytest.fixture
def fiche(demarche):
    return fabrique.fiche(demarche, numero=5)


def donnees(*demandes, motif=""):
    lignes = {"champs-TOTAL_FORMS": "5", "champs-INITIAL_FORMS": "0", "motif": motif}
    for n, (champ, texte) in enumerate(demandes):
        lignes |= {f"champs-{n}-champ": champ, f"champs-{n}-texte": texte}
    return lignes


def test_le_complement_nomme_les_champs_et_le_porteur_les_voit(demarche, fiche, connecte):
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    adresse = f"{fiche.get_absolute_url()}corrections/"
    assert instructeur.get(adresse).status_code == 200
    envoi = donnees(("cout_ht", f"Devis ? {XSS}"), ("theme", "Précisez"), motif="Merci")
    assert instructeur.post(adresse, envoi).status_code == 302
    assert Fiche.objects.get().etat == "a_completer"
    assert Commentaire.objects.filter(genre="correction", portee="partagee").count() == 2
    page = maire.get(fiche.get_absolute_url()).content.decode()
    assert "Devis ? &lt;svg" in page
    assert XSS not in page
    assert "Il reste 2 corrections demandées" in page
    formulaire = maire.get(f"{fiche.get_absolute_url()}modifier/").content.decode()
    assert "Devis ? &lt;svg" in formulaire


def test_rien_a_corriger_est_refuse(demarche, fiche, connecte):
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    reponse = instructeur.post(f"{fiche.get_absolute_url()}corrections/", donnees())
    assert reponse.status_code == 400
    assert "au moins un champ" in reponse.content.decode()
    assert Fiche.objects.get().etat == "proposee"


def test_un_champ_inconnu_est_refuse(demarche, fiche, connecte):
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    reponse = instructeur.post(f"{fiche.get_absolute_url()}corrections/", donnees(("etat", "x")))
    assert reponse.status_code == 400
    assert not Commentaire.objects.exists()


def test_deux_demandes_sur_un_champ_n_en_font_qu_une(demarche, fiche, connecte):
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    instructeur.post(f"{fiche.get_absolute_url()}corrections/", donnees(("cout_ht", "A"), ("cout_ht", "B")))
    assert Commentaire.objects.get().texte == "A\nB"


def test_le_porteur_repond_puis_dit_que_c_est_fait(demarche, fiche, connecte):
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    instructeur.post(f"{fiche.get_absolute_url()}corrections/", donnees(("cout_ht", "Devis ?")))
    correction = Commentaire.objects.get()
    adresse = f"{fiche.get_absolute_url()}corrections/{correction.pk}/"
    assert "Écrivez une réponse" in maire.post(adresse, {}, follow=True).content.decode()
    maire.post(adresse, {"texte": "Le voici"})
    assert len(corrections_ouvertes(fiche)) == 1
    maire.post(adresse, {"fait": "on"})
    assert corrections_ouvertes(fiche) == []
    correction.refresh_from_db()
    assert correction.resolu_par_nom
    assert correction.reponses.get().texte == "Le voici"
    assert "déjà faite" in maire.post(adresse, {"fait": "on"}, follow=True).content.decode()


def test_l_instructeur_ne_repond_pas_a_la_place_du_porteur(demarche, fiche, connecte):
    correction = Commentaire.objects.create(fiche=fiche, genre="correction", texte="x", auteur_nom="y")
    client = connecte(fabrique.agent("instructeur", demarche))
    adresse = f"{fiche.get_absolute_url()}corrections/{correction.pk}/"
    assert client.post(adresse, {"fait": "on"}).status_code == 403
