"""Saved views: kept, shared, opened by a stable address, one by default."""

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import VueEnregistree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PLAN = "/territoires/gevaudan/plan/"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    fabrique.fiche(demarche)
    return demarche


@pytest.fixture
def agent(demarche):
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def chef(agent, connecte):
    return connecte(agent)


def garder(client, demarche="gevaudan", **champs):
    question = {"nom": "Les prêtes", "requete": "maturite=structurant&tri=-cout&page=3&mo="}
    return client.post("/vues/", {"demarche": demarche} | question | champs)


def test_une_vue_gardee_se_retrouve_a_son_adresse(demarche, chef):
    reponse = garder(chef)
    vue = VueEnregistree.objects.get()
    assert vue.requete == "maturite=structurant&tri=-cout"
    assert reponse.headers["Location"] == f"/vues/{vue.pk}/"
    ouverte = chef.get(f"/vues/{vue.pk}/")
    assert ouverte.headers["Location"] == f"{PLAN}?maturite=structurant&tri=-cout&vue={vue.pk}"
    page = chef.get(ouverte.headers["Location"]).content.decode()
    assert f'href="/vues/{vue.pk}/" aria-current="page">Les prêtes' in page


def test_la_meme_remplace_l_ancienne_et_la_vue_privee_n_entre_pas_au_journal(chef):
    garder(chef)
    garder(chef, requete="etat=retenue")
    assert VueEnregistree.objects.get().requete == "etat=retenue"
    assert not Entree.objects.filter(geste="garder_vue").exists()
    garder(chef, partagee="on")
    assert Entree.objects.filter(geste="garder_vue").count() == 1


def test_une_seule_vue_s_ouvre_d_office_et_tout_reste_atteignable(demarche, chef):
    fabrique.fiche(demarche, titre="Un pont")
    garder(chef, par_defaut="on")
    garder(chef, nom="Les retenues", requete="etat=retenue", par_defaut="on")
    assert VueEnregistree.objects.get(par_defaut=True).nom == "Les retenues"
    vue = VueEnregistree.objects.get(par_defaut=True)
    assert chef.get(PLAN).headers["Location"] == f"{PLAN}?etat=retenue&vue={vue.pk}"
    assert "Un pont" in chef.get(f"{PLAN}?tout=1").content.decode()


def test_une_vue_privee_n_existe_pas_pour_les_autres(demarche, chef, connecte):
    garder(chef)
    vue = VueEnregistree.objects.get()
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.get(f"/vues/{vue.pk}/").status_code == 404
    assert "Les prêtes" not in maire.get(PLAN).content.decode()
    garder(chef, partagee="on")
    assert maire.get(f"/vues/{vue.pk}/").status_code == 302
    assert "Les prêtes" in maire.get(PLAN).content.decode()
    assert maire.post(f"/vues/{vue.pk}/retirer/").status_code == 404
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get(f"/vues/{vue.pk}/").status_code == 404
    assert garder(ailleurs).status_code == 404


def test_une_vue_generale_se_partage_entre_collegues(demarche, chef, connecte):
    garder(chef, "", partagee="on")
    vue = VueEnregistree.objects.get()
    collegue = connecte(fabrique.agent("instructeur", demarche))
    assert "Les prêtes" in collegue.get("/fiches/").content.decode()
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert "Les prêtes" not in ailleurs.get("/fiches/").content.decode()
    assert ailleurs.get(f"/vues/{vue.pk}/").status_code == 404


def test_on_retire_sa_vue(chef):
    garder(chef)
    vue = VueEnregistree.objects.get()
    assert chef.post(f"/vues/{vue.pk}/retirer/").status_code == 302
    assert not VueEnregistree.objects.exists()
    assert chef.get(f"/vues/{vue.pk}/").status_code == 404


@pytest.mark.parametrize("champs", [{"nom": " "}, {"nom": "é" * 81}, {"requete": "q=" + "a" * 2000}])
def test_une_vue_sans_nom_ou_trop_longue_est_refusee(chef, champs):
    assert garder(chef, **champs).status_code == 302
    assert not VueEnregistree.objects.exists()


def test_un_nom_hostile_reste_un_texte(demarche, chef):
    garder(chef, nom="<script>alert(1)</script>")
    page = chef.get(f"{PLAN}?tout=1").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
