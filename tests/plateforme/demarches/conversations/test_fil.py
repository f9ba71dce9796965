"""/territoires/…/conversations/… : who reads what is said, whom a message mentions, its file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.negociations.models import Scenario
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def url(demarche):
    return f"/territoires/gevaudan/conversations/territoire/{demarche.pk}/"


@pytest.fixture
def chef(demarche):
    return fabrique.agent("chef_de_projet", demarche, prenom="Élise", nom="Vernhet", pour=demarche.autorite)


@pytest.fixture
def maire(demarche):
    return fabrique.agent("maire", demarche, prenom="Jean-Noël", nom="Roux")


def ecrire(client, url, texte, portee="partagee", **reste):
    return client.post(url, {"texte": texte, "portee": portee, **reste})


def test_qui_lira_est_dit_au_dessus_du_bouton(demarche, url, chef, maire, connecte):
    fabrique.agent("instructeur", demarche, pour=demarche.autorite)
    page = connecte(chef).get(url).content.decode()
    assert "Partagé\N{NO-BREAK SPACE}: les 3 personnes qui voient ce territoire" in page
    assert f"Entre nous\N{NO-BREAK SPACE}: {demarche.autorite.nom}, 2 personnes" in page
    assert page.index("Entre nous") < page.index("Envoyer")


def test_entre_nous_n_est_lu_que_par_la_structure(demarche, url, chef, maire, connecte):
    ecrire(connecte(chef), url, "Restons fermes", "interne")
    ecrire(connecte(chef), url, "Bonjour à tous")
    collegue = fabrique.agent("instructeur", demarche, pour=demarche.autorite)
    autre_mairie = fabrique.agent("maire", demarche)
    assert "Restons fermes" in connecte(collegue).get(url).content.decode()
    for qui in (maire, autre_mairie):
        page = connecte(qui).get(url).content.decode()
        assert "Restons fermes" not in page
        assert "Bonjour à tous" in page
    secret = Message.objects.get(portee="interne")
    assert ecrire(connecte(maire), url, "Vu", reponse_a=secret.pk).status_code == 404
    assert connecte(maire).post(f"/territoires/gevaudan/paroles/{secret.pk}/etat/").status_code == 404


def test_une_mention_previent_et_se_lit_en_gras(url, chef, maire, connecte):
    reponse = ecrire(connecte(chef), url, "Merci @jean noel ROUX, pour mardi.")
    assert reponse.headers["Location"] == "/territoires/gevaudan/#conversation"
    nouvelle = Notification.objects.get(destinataire_id=maire.pk)
    assert (nouvelle.sujet, nouvelle.rubrique) == ("Élise Vernhet vous mentionne", "remarques")
    assert "<strong>@jean noel ROUX</strong>, pour mardi" in connecte(maire).get(url).content.decode()


def test_le_plus_long_nom_l_emporte(demarche, url, chef, connecte):
    court = fabrique.agent("maire", demarche, prenom="Anne", nom="Roux")
    long = fabrique.agent("maire", demarche, prenom="Anne", nom="Roux-Peyre")
    ecrire(connecte(chef), url, "À @Anne Roux-Peyre de voir")
    assert list(Message.objects.get().mentions.all()) == [long]
    assert court.pk != long.pk


@pytest.mark.parametrize("coche", [True, False])
def test_on_ne_mentionne_pas_qui_ne_lira_pas(coche, url, chef, maire, connecte):
    texte = "Entre nous" if coche else "Qu’en dit @Jean-Noël Roux ?"
    reponse = ecrire(connecte(chef), url, texte, "interne", **({"prevenir": [maire.pk]} if coche else {}))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Jean-Noël Roux ne lira pas ce message" in page
    assert texte in page
    assert not Message.objects.exists()
    assert not Notification.objects.exists()


def test_on_ne_mentionne_pas_quelqu_un_d_ailleurs(url, chef, connecte):
    ailleurs = fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region", "Région")))
    fabrique.agent("chef_de_projet", ailleurs, prenom="Paul", nom="Lointain")
    reponse = ecrire(connecte(chef), url, "@Paul Lointain, un avis ?")
    assert reponse.status_code == 422
    assert "son compte ne donne pas accès à ce territoire" in reponse.content.decode()


def test_un_nom_inconnu_et_une_adresse_restent_du_texte(url, chef, maire, connecte):
    ecrire(connecte(chef), url, "Écrire à mairie@jean-noel roux ou à @Personne")
    assert not Message.objects.get().mentions.exists()


def test_le_texte_n_est_jamais_du_html(url, chef, maire, connecte):
    ecrire(connecte(chef), url, "<script>x</script> @Jean-Noël Roux<b>")
    page = connecte(maire).get(url).content.decode()
    assert "<script>x" not in page
    assert "<strong>@Jean-Noël Roux</strong>&lt;b&gt;" in page


def test_la_piece_suit_le_droit_du_message(demarche, url, chef, maire, connecte):
    pdf = SimpleUploadedFile("note interne.pdf", b"%PDF-1.7 note")
    ecrire(connecte(chef), url, "Voir la note", "interne", piece=pdf)
    message = Message.objects.get()
    assert (message.piece_nom, message.piece_mime, message.piece_taille) == (
        "note interne.pdf", "application/pdf", 13,
    )  # fmt: skip
    adresse = f"/territoires/gevaudan/paroles/{message.pk}/piece/"
    reponse = connecte(chef).get(adresse)
    assert b"".join(reponse.streaming_content) == b"%PDF-1.7 note"
    assert "attachment" in reponse.headers["Content-Disposition"]
    assert connecte(maire).get(adresse).status_code == 404


def test_un_fichier_refuse_garde_le_message_ecrit(url, chef, connecte):
    reponse = ecrire(connecte(chef), url, "Voici", piece=SimpleUploadedFile("x.pdf", b"MZ programme"))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Ce type de fichier n’est pas accepté" in page
    assert "Voici" in page
    assert not Message.objects.exists()


def test_une_discussion_se_repond_se_regle_et_se_rouvre(url, chef, maire, connecte):
    ecrire(connecte(maire), url, "Quand signe-t-on ?")
    racine = Message.objects.get()
    ecrire(connecte(chef), url, "En mars", reponse_a=racine.pk)
    assert Notification.objects.filter(destinataire_id=maire.pk, sujet="Élise Vernhet vous répond").exists()
    etat = f"/territoires/gevaudan/paroles/{racine.pk}/etat/"
    connecte(maire).post(etat, {"resolu": "1"})
    page = connecte(chef).get(url).content.decode()
    assert "tout est réglé" in page
    connecte(chef).post(etat, {"resolu": "0"})
    assert Message.objects.get(pk=racine.pk).resolu_le is None


def test_qui_n_a_pas_ouvert_une_discussion_ne_la_regle_pas(demarche, url, maire, connecte):
    ecrire(connecte(maire), url, "Quand signe-t-on ?")
    autre = connecte(fabrique.agent("maire", demarche))
    etat = f"/territoires/gevaudan/paroles/{Message.objects.get().pk}/etat/"
    reponse = autre.post(etat, {"resolu": "1"})
    assert reponse.status_code == 403
    assert "réglée par qui l’a ouverte" in reponse.content.decode()


def test_un_scenario_garde_pour_un_camp_n_a_pas_de_conversation_pour_l_autre(demarche, chef, maire, connecte):
    president = fabrique.agent("president_epci", demarche)
    scenario = Scenario.objects.create(demarche=demarche, nom="Repli", est_courant=False, camp="autorite")
    url = f"/territoires/gevaudan/conversations/scenario/{scenario.pk}/"
    assert ecrire(connecte(chef), url, "Notre repli").status_code == 302
    assert connecte(president).get(url).status_code == 404
    piece = f"/territoires/gevaudan/paroles/{Message.objects.get().pk}/piece/"
    assert connecte(president).get(piece).status_code == 404
    assert ecrire(connecte(chef), url, f"@{president.nom_complet} ?").status_code == 422
    scenario.partage = True
    scenario.save()
    assert "Notre repli" in connecte(president).get(url).content.decode()


def test_un_objet_d_un_autre_territoire_n_existe_pas(demarche, chef, connecte):
    ailleurs = Enjeu.objects.create(demarche=fabrique.demarche(), libelle="Eau")
    assert connecte(chef).get(f"/territoires/gevaudan/conversations/enjeu/{ailleurs.pk}/").status_code == 404
    for genre in ("fiche", "article", "etape", "inconnu"):
        assert connecte(chef).get(f"/territoires/gevaudan/conversations/{genre}/1/").status_code == 404


def test_le_fragment_n_est_pas_une_page(url, chef, connecte):
    fragment = connecte(chef).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in fragment
    assert 'id="conversation"' in fragment


def test_le_nombre_de_requetes_ne_depend_pas_de_ce_qui_est_dit(
    demarche, url, chef, maire, connecte, django_assert_num_queries
):
    client = connecte(chef)
    for n in range(12):
        ecrire(client, url, f"Question {n} @Jean-Noël Roux")
        ecrire(client, url, "Réponse", reponse_a=Message.objects.filter(reponse_a=None).last().pk)
    with django_assert_num_queries(12):
        client.get(url, headers={"HX-Request": "true"})
