"""What one takes away from a whole plan: the booklet of its fiches, the report for the concertation."""

from decimal import Decimal

import pytest

from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans import sorties
from tests.documents.verification import faults, pages, titles
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
URL = "/territoires/gevaudan/plan/documents/"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    for rang in range(1, 6):
        fabrique.fiche(demarche, titre=f"Projet numéro {rang}", numero=rang, cout_ht=Decimal(1000 * rang))
    fabrique.fiche(demarche, titre="Brouillon secret", numero=9, etat="brouillon")
    return demarche


@pytest.fixture
def client(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def test_le_recueil_reunit_les_fiches_sans_les_brouillons(client):
    reponse = client.get(f"{URL}fiches.pdf")
    assert faults(reponse.content) == []
    assert [titre for _, titre in titles(reponse.content)] == [f"Projet numéro {n}" for n in range(1, 6)]


def test_le_recueil_suit_les_filtres_de_la_liste(client):
    reponse = client.get(f"{URL}fiches.pdf", {"etat": "retenue"})
    assert "Aucuneficheprojet" in "".join(pages(reponse.content))
    page = client.get(URL, {"etat": "retenue"}).content.decode()
    assert "Aucune fiche à emporter" in page


def test_le_rapport_du_plan_se_lit_puis_se_garde(client):
    texte = "".join(pages(client.get(f"{URL}pre-instruction.pdf").content))
    assert "15000,00€" in texte
    assert "Projetnuméro5" in texte
    assert client.post(f"{URL}emettre/").status_code == 302
    emis = DocumentEmis.objects.get(genre="rapport de pré-instruction")
    assert emis.objet_type == "demarches.demarche"
    assert len(emis.donnees["rapport"]["examens"]) == 5
    page = client.get(URL).content.decode()
    assert f"/plan/rapports/{emis.pk}/" in page


def test_trop_de_fiches_est_dit_avant_de_composer(client, monkeypatch):
    monkeypatch.setattr(sorties, "FICHES_MAX", 3)
    for suite in ("fiches.pdf", "pre-instruction.pdf"):
        page = client.get(URL + suite, follow=True).content.decode()
        assert "au plus 3 fiches" in page
    assert client.post(f"{URL}emettre/").status_code == 302
    assert not DocumentEmis.objects.filter(genre="rapport de pré-instruction").exists()


def test_un_plan_entier_se_rend_en_requetes_constantes(demarche, client, django_assert_max_num_queries):
    for rang in range(20, 40):
        fiche = fabrique.fiche(demarche, numero=rang)
        fabrique.financement(fiche, "etat", "100")
    client.get(f"{URL}fiches.pdf")
    for suite, requetes in (("", 12), ("fiches.pdf", 40), ("pre-instruction.pdf", 35)):
        with django_assert_max_num_queries(requetes):
            assert client.get(URL + suite).status_code == 200


def test_le_plan_mene_a_ses_documents(client):
    assert "/plan/documents/?" in client.get("/territoires/gevaudan/plan/").content.decode()
