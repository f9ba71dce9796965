"""Remarks on a fiche: who reads them, who is told, how they are settled."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.acteurs.remarques import RemarqueRefusee
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.commentaires import commenter, regler
from arpent.plateforme.plans.models import Commentaire
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PIEGE = "<script>alert(1)</script>"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def fiche(demarche):
    return fabrique.fiche(demarche, numero=3)


@pytest.fixture
def maire(demarche, fiche):
    return fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)


@pytest.fixture
def chef(demarche):
    return fabrique.agent("chef_de_projet", demarche)


def url(fiche, suite=""):
    return f"/territoires/gevaudan/plan/fiches/{fiche.numero}/commentaires/{suite}"


def test_une_remarque_interne_ne_sort_pas_de_sa_structure(demarche, fiche, maire, chef, connecte):
    commenter(fiche, "Le plan ne tient pas", par=chef, portee="interne")
    commenter(fiche, "Merci de préciser la surface", par=chef)
    instructeur = fabrique.agent("instructeur", demarche)
    assert {c.texte for c in Commentaire.objects.visibles_par(instructeur)} == {
        "Le plan ne tient pas", "Merci de préciser la surface",
    }  # fmt: skip
    assert [c.texte for c in Commentaire.objects.visibles_par(maire)] == ["Merci de préciser la surface"]
    autre = fabrique.agent("chef_de_projet", fabrique.demarche())
    assert [c.texte for c in Commentaire.objects.visibles_par(autre)] == ["Merci de préciser la surface"]
    page = connecte(maire).get(f"{fiche.get_absolute_url()}?tout=1").content.decode()
    assert "Merci de préciser" in page
    assert "Le plan ne tient pas" not in page
    assert page.count("a écrit une remarque") == 1
    assert "Le plan ne tient pas" not in str([e.apres for e in Entree.objects.all()])


def test_les_gens_concernes_sont_prevenus_les_autres_non(demarche, fiche, maire, chef):
    voisin = fabrique.agent("maire", demarche)
    commenter(fiche, "Quelle surface ?", par=chef)
    assert set(Notification.objects.values_list("destinataire_id", flat=True)) == {maire.pk}
    Notification.objects.all().delete()
    instructeur = fabrique.agent("instructeur", demarche)
    commenter(fiche, "Entre nous, à revoir", par=chef, portee="interne")
    assert set(Notification.objects.values_list("destinataire_id", flat=True)) == {instructeur.pk}
    assert voisin.pk not in Notification.objects.values_list("destinataire_id", flat=True)


def test_une_reponse_garde_le_champ_et_la_portee_de_son_fil(fiche, maire, chef, connecte):
    racine = commenter(fiche, "Quelle surface ?", par=chef, champ="description")
    envoi = {"texte": "120 m²", "reponse_a": racine.pk, "portee": "interne", "champ": ""}
    connecte(maire).post(url(fiche), envoi)
    reponse = Commentaire.objects.get(reponse_a=racine)
    assert (reponse.champ, reponse.portee) == ("description", "partagee")


def test_on_ne_repond_pas_a_une_discussion_qu_on_ne_lit_pas(fiche, maire, chef, connecte):
    racine = commenter(fiche, "Entre nous", par=chef, portee="interne")
    envoi = {"texte": "Je réponds", "reponse_a": racine.pk, "portee": "partagee"}
    assert connecte(maire).post(url(fiche), envoi).status_code == 404
    assert connecte(maire).post(url(fiche, f"{racine.pk}/"), {"resolu": "1"}).status_code == 404
    with pytest.raises(RemarqueRefusee, match="interne à une autre structure"):
        commenter(fiche, "Je réponds", par=maire, reponse_a=racine)


def test_une_remarque_se_regle_et_se_rouvre(fiche, maire, chef, connecte):
    racine = commenter(fiche, "Quelle surface ?", par=chef)
    client = connecte(maire)
    assert "1 remarque ouverte" in client.get(f"{fiche.get_absolute_url()}volets/echanges/").content.decode()
    client.post(url(fiche, f"{racine.pk}/"), {"resolu": "1"})
    assert (
        "Toutes les remarques sont réglées"
        in client.get(f"{fiche.get_absolute_url()}volets/echanges/").content.decode()
    )
    racine.refresh_from_db()
    assert racine.resolu_par_nom == maire.nom_complet
    with pytest.raises(RemarqueRefusee, match="déjà réglée"):
        regler(racine, resolu=True, par=chef)
    client.post(url(fiche, f"{racine.pk}/"), {"resolu": "0"})
    racine.refresh_from_db()
    assert racine.resolu_le is None
    assert {e.geste for e in Entree.objects.all()} >= {
        "commenter",
        "regler_commentaire",
        "rouvrir_commentaire",
    }


def test_une_reponse_ne_se_regle_pas_seule(fiche, chef):
    racine = commenter(fiche, "Quelle surface ?", par=chef)
    reponse = commenter(fiche, "Voir le plan", par=chef, reponse_a=racine)
    with pytest.raises(RemarqueRefusee, match="ne se règle pas seule"):
        regler(reponse, resolu=True, par=chef)


@pytest.mark.parametrize(("texte", "message"), [("   ", "obligatoire"), ("x" * 4_001, "4000")])
def test_une_remarque_vide_ou_trop_longue_est_refusee(fiche, chef, connecte, texte, message):
    page = connecte(chef).post(url(fiche), {"texte": texte, "portee": "partagee"}, follow=True)
    assert message in page.content.decode()
    assert not Commentaire.objects.exists()


def test_sans_structure_on_ne_peut_que_partager(demarche, fiche):
    administrateur = fabrique.agent("administrateur")
    with pytest.raises(RemarqueRefusee, match="partagez la remarque"):
        commenter(fiche, "Entre nous", par=administrateur, portee="interne")


def test_un_voisin_ne_regle_pas_la_remarque_d_un_autre(demarche, fiche, chef, connecte):
    racine = commenter(fiche, "Quelle surface ?", par=chef)
    voisin = connecte(fabrique.agent("maire", demarche))
    assert voisin.post(url(fiche, f"{racine.pk}/"), {"resolu": "1"}).status_code == 403


def test_la_portee_se_lit_avant_d_ecrire_et_le_texte_ressort_inerte(fiche, chef, connecte):
    commenter(fiche, PIEGE, par=chef)
    page = connecte(chef).get(f"{fiche.get_absolute_url()}volets/echanges/").content.decode()
    assert page.index("Entre nous : seulement") < page.index('name="champ"')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_une_remarque_mentionne_qui_voit_la_fiche_et_garde_sa_piece(connecte):
    demarche = fabrique.demarche(slug="mentions")
    fiche = fabrique.fiche(demarche, numero=3)
    maire = fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage, prenom="Jean", nom="Roux")
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    url = f"{fiche.get_absolute_url()}commentaires/"
    envoi = SimpleUploadedFile("devis.pdf", b"%PDF-1.7 devis")
    chef.post(url, {"texte": "Le devis, @Jean Roux ?", "portee": "partagee", "piece": envoi})
    ecrite = Commentaire.objects.get()
    assert list(ecrite.mentions.all()) == [maire]
    nouvelles = Notification.objects.filter(destinataire_id=maire.pk)
    assert [n.sujet.endswith("vous mentionne") for n in nouvelles] == [True]
    volet = connecte(maire).get(f"{fiche.get_absolute_url()}volets/echanges/").content.decode()
    assert "<strong>@Jean Roux</strong>" in volet
    piece = f"{url}{ecrite.pk}/piece/"
    assert b"".join(connecte(maire).get(piece).streaming_content) == b"%PDF-1.7 devis"
    refus = chef.post(url, {"texte": "Entre nous, @Jean Roux", "portee": "interne"})
    assert refus.status_code == 400
    assert "Jean Roux ne lira pas ce message" in refus.content.decode()
    chef.post(
        url, {"texte": "Note", "portee": "interne", "piece": SimpleUploadedFile("n.pdf", b"%PDF-1.7 n")}
    )
    interne = Commentaire.objects.get(portee="interne")
    assert connecte(maire).get(f"{url}{interne.pk}/piece/").status_code == 404


def test_on_ne_mentionne_pas_sur_un_brouillon_qui_ne_le_voit_pas(connecte):
    demarche = fabrique.demarche(slug="mentions")
    fiche = fabrique.fiche(demarche, numero=3, etat="brouillon")
    fabrique.agent("maire", demarche, prenom="Paul", nom="Autre")
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    url = f"{fiche.get_absolute_url()}commentaires/"
    refus = chef.post(url, {"texte": "@Paul Autre, un avis ?", "portee": "partagee"})
    assert refus.status_code == 400
    assert "accès à cette fiche" in refus.content.decode()
    assert not Commentaire.objects.exists()
