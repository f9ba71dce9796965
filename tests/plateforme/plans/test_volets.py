"""The panels of a fiche: fragments of its page, pages of their own, remarks on one field of the form."""

import pytest

from arpent.plateforme.plans.commentaires import commenter, regler
from arpent.plateforme.plans.models import Commentaire
from tests.plateforme import fabrique
from tests.plateforme.plans.garnie import garnie, ouverte

pytestmark = pytest.mark.django_db
VOLETS = ("preinstruction", "actes", "echanges", "historique")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def fiche():
    return garnie(ouverte())


@pytest.fixture
def chef(fiche):
    return fabrique.agent("chef_de_projet", fiche.demarche)


@pytest.fixture
def maire(fiche):
    return fabrique.agent("maire", fiche.demarche, pour=fiche.maitre_ouvrage)


def volet(fiche, code, suite=""):
    return f"{fiche.get_absolute_url()}volets/{code}/{suite}"


def test_la_page_dit_d_abord_le_projet_puis_son_plan_puis_ce_qu_on_peut_faire(fiche, chef, connecte):
    page = connecte(chef).get(fiche.get_absolute_url()).content.decode()
    ordre = [page.index(x) for x in ('id="projet"', 'id="titre-plan"', 'id="gestes"', 'id="preinstruction"')]
    assert ordre == sorted(ordre)
    assert "Aide maximale possible" not in page
    for code in VOLETS:
        assert f'hx-get="{volet(fiche, code)}"' in page
        assert f'<a href="{volet(fiche, code)}">' in page


@pytest.mark.parametrize("code", VOLETS)
def test_un_volet_est_un_fragment_et_une_page(fiche, chef, connecte, code, django_assert_max_num_queries):
    client = connecte(chef)
    page = client.get(volet(fiche, code)).content.decode()
    assert "<h1>" in page
    assert f'href="{fiche.get_absolute_url()}"' in page
    with django_assert_max_num_queries(20):
        fragment = client.get(volet(fiche, code), **HTMX).content.decode()
    assert "<html" not in fragment
    assert fragment.strip()


def test_toute_la_fiche_se_lit_d_un_seul_tenant(fiche, chef, connecte):
    page = connecte(chef).get(f"{fiche.get_absolute_url()}?tout=1").content.decode()
    for attendu in ("Aide maximale possible", "Délibérations du maître d’ouvrage", "Écrire une remarque"):
        assert attendu in page
    assert "/volets/" not in page


def test_un_volet_inconnu_n_existe_pas(fiche, chef, connecte):
    assert connecte(chef).get(volet(fiche, "compta")).status_code == 404


def test_un_formulaire_a_corriger_revient_avec_toute_la_fiche(fiche, chef, connecte):
    reponse = connecte(chef).post(f"{fiche.get_absolute_url()}commentaires/", {"texte": "", "portee": "x"})
    assert reponse.status_code == 400
    assert "Aide maximale possible" in reponse.content.decode()


def test_les_demarches_se_lisent_avec_le_cofinancement(fiche, chef, connecte):
    client = connecte(chef)
    assert "les démarches en cours" in client.get(fiche.get_absolute_url()).content.decode()
    page = client.get(f"{fiche.get_absolute_url()}cofinancement/").content.decode()
    assert "LEADER" in page
    assert "Le GAL" in page


def test_le_formulaire_compte_les_remarques_ouvertes_a_cote_de_chaque_champ(fiche, chef, maire, connecte):
    commenter(fiche, "Combien de classes ?", par=chef, champ="description")
    commenter(fiche, "Et la cour ?", par=chef, champ="description")
    commenter(fiche, "À vérifier entre nous", par=chef, champ="titre", portee="interne")
    reglee = commenter(fiche, "Réglé", par=chef, champ="cout_ht")
    regler(reglee, resolu=True, par=chef)
    page = connecte(maire).get(f"{fiche.get_absolute_url()}modifier/").content.decode()
    assert f'href="{volet(fiche, "echanges", "?champ=description")}"' in page
    assert "2 remarques ouvertes" in page
    assert page.count("data-remarques") == 1
    chez_nous = connecte(chef).get(f"{fiche.get_absolute_url()}modifier/").content.decode()
    assert chez_nous.count("data-remarques") == 2


def test_sans_remarque_le_formulaire_n_en_dit_rien(fiche, maire, connecte):
    page = connecte(maire).get(f"{fiche.get_absolute_url()}modifier/").content.decode()
    assert "data-remarques" not in page
    assert 'id="fil-du-champ"' not in page


def test_le_fil_d_un_champ_ne_montre_que_lui_et_s_y_poursuit(fiche, chef, maire, connecte):
    racine = commenter(fiche, "Combien de classes ?", par=chef, champ="description")
    commenter(fiche, "Sur le coût", par=chef, champ="cout_ht")
    client, adresse = connecte(maire), volet(fiche, "echanges", "?champ=description")
    page = client.get(adresse).content.decode()
    assert "Combien de classes ?" in page
    assert "Sur le coût" not in page
    envoi = {"texte": "Quatre", "reponse_a": racine.pk, "portee": "partagee"}
    ecrire = f"{fiche.get_absolute_url()}commentaires/?champ=description"
    reponse = client.post(ecrire, envoi, **HTMX)
    assert (reponse.status_code, reponse.url) == (302, adresse)
    assert "Quatre" in client.get(adresse, **HTMX).content.decode()
    regle = client.post(
        f"{fiche.get_absolute_url()}commentaires/{racine.pk}/?champ=description", {"resolu": "1"}
    )
    assert regle.url == adresse
    assert "aucune remarque ouverte" in client.get(adresse).content.decode()


def test_une_remarque_refusee_dans_un_fil_y_reste_telle_qu_ecrite(fiche, chef, connecte):
    long = "x" * 4_001
    ecrire = f"{fiche.get_absolute_url()}commentaires/?champ=description"
    envoi = {"texte": long, "portee": "partagee", "champ": "description"}
    reponse = connecte(chef).post(ecrire, envoi, **HTMX)
    assert reponse.status_code == 400
    assert long in reponse.content.decode()
    assert "<html" not in reponse.content.decode()
    assert not Commentaire.objects.exists()


def test_un_champ_inconnu_ne_restreint_rien(fiche, chef, connecte):
    commenter(fiche, "Sur tout", par=chef)
    page = connecte(chef).get(volet(fiche, "echanges", "?champ=%3Cscript%3E")).content.decode()
    assert "Sur tout" in page
    assert "<script>" not in page.split("<main")[1]
