"""/plan/priorites/: three orders side by side, one of them written."""

from datetime import date

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Classement, Fiche
from arpent.plateforme.plans.priorites import ecartements, tensions
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
PAGE = "/territoires/gevaudan/plan/priorites/"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def envoi(niveau, rangs, lus=None, **suite):
    donnees = {"niveau": niveau, "version_lue": "0"} | suite
    for numero, rang in rangs.items():
        donnees[f"rang-{numero}"] = "" if rang is None else str(rang)
        lu = (lus or {}).get(numero)
        donnees[f"lu-{numero}"] = "" if lu is None else str(lu)
    return donnees


def rangs(champ="priorite_territoire"):
    return dict(Fiche.objects.order_by("numero").values_list("numero", champ))


def trois(demarche, **champs):
    return [fabrique.fiche(demarche, numero=n, titre=f"Projet n{n}", **champs) for n in (1, 2, 3)]


def test_le_territoire_classe_d_un_coup_avec_sa_methode(demarche, connecte):
    trois(demarche)
    client = connecte(fabrique.agent("president_epci", demarche))
    suite = {"methode": "Vote des maires", "arrete_par": "Bureau", "arrete_le": "2026-05-04"}
    reponse = client.post(PAGE, envoi("territoire", {1: 2, 2: 1, 3: 2}, **suite))
    assert reponse.status_code == 302
    assert rangs() == {1: 2, 2: 1, 3: 2}
    classement = Classement.objects.get()
    assert (classement.methode, classement.arrete_le) == ("Vote des maires", date(2026, 5, 4))
    assert Entree.objects.filter(geste="classer").count() == 1
    page = client.get(PAGE).content.decode()
    assert "Ex æquo" in page
    assert "Vote des maires" in page


def test_un_ordre_change_entre_temps_est_refuse_avec_les_deux_ordres(demarche, connecte):
    trois(demarche)
    Fiche.objects.filter(numero=1).update(priorite_territoire=3)
    client = connecte(fabrique.agent("president_epci", demarche))
    reponse = client.post(PAGE, envoi("territoire", {1: 1, 2: 2}))
    texte = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Projet n1" in texte
    assert "non classé" in texte
    assert rangs() == {1: 3, 2: None, 3: None}


def test_sans_javascript_monter_et_descendre_passent_par_le_serveur(demarche, connecte):
    trois(demarche)
    for n in (1, 2, 3):
        Fiche.objects.filter(numero=n).update(priorite_territoire=n)
    client = connecte(fabrique.agent("agent_epci", demarche))
    lus = {1: 1, 2: 2, 3: 3}
    client.post(PAGE, envoi("territoire", lus, lus, monter="3"))
    assert rangs() == {1: 1, 2: 3, 3: 2}


@pytest.mark.parametrize("rang", ["abc", "0", "1000", "-1"])
def test_un_rang_qui_n_en_est_pas_un_est_refuse(demarche, connecte, rang):
    trois(demarche)
    client = connecte(fabrique.agent("president_epci", demarche))
    assert client.post(PAGE, envoi("territoire", {1: rang})).status_code == 400
    assert rangs() == {1: None, 2: None, 3: None}


def test_une_date_illisible_est_refusee(demarche, connecte):
    trois(demarche)
    client = connecte(fabrique.agent("president_epci", demarche))
    assert client.post(PAGE, envoi("territoire", {1: 1}, arrete_le="hier")).status_code == 400


def test_chacun_ne_classe_que_pour_lui(demarche, connecte):
    mienne, autre, _ = trois(demarche)
    maire = connecte(fabrique.agent("maire", demarche, pour=mienne.maitre_ouvrage))
    assert maire.post(PAGE, envoi("territoire", {1: 1})).status_code == 403
    assert maire.post(PAGE, envoi("autorite", {1: 1})).status_code == 403
    siens = envoi("maitre_ouvrage", {1: 1}, mo=str(mienne.maitre_ouvrage_id))
    assert maire.post(PAGE, siens).status_code == 302
    assert rangs("priorite_maitre_ouvrage")[1] == 1
    autres = envoi("maitre_ouvrage", {2: 1}, mo=str(autre.maitre_ouvrage_id))
    assert maire.post(PAGE, autres).status_code == 403


def test_la_page_ne_montre_ni_brouillon_ni_projet_refuse(demarche, connecte):
    fabrique.fiche(demarche, titre="Ébauche", etat="brouillon")
    fabrique.fiche(demarche, titre="Écarté", etat="refusee")
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(PAGE).content.decode()
    assert "Aucun projet à classer" in page
    assert "Ébauche" not in page


def test_deux_cents_projets_tiennent_en_peu_de_requetes(demarche, connecte, django_assert_max_num_queries):
    modele = fabrique.fiche(demarche)
    Fiche.objects.bulk_create(
        Fiche(demarche=demarche, numero=1000 + n, titre=f"P{n}", maitre_ouvrage=modele.maitre_ouvrage,
              etat="proposee", cout_ht=1, priorite_territoire=n)
        for n in range(1, 200)
    )  # fmt: skip
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    client.get(PAGE, {"niveau": "territoire"})
    with django_assert_max_num_queries(9):
        page = client.get(PAGE, {"niveau": "territoire"})
    assert page.content.decode().count('name="rang-') == 200


def test_les_ordres_se_comparent_et_les_contradictions_se_disent(demarche):
    a, b = fabrique.organisation("commune", "Aumont"), fabrique.organisation("commune", "Banassac")
    fabrique.fiche(demarche, maitre_ouvrage=a, numero=1, priorite_maitre_ouvrage=1, priorite_territoire=3,
                   priorite_autorite=1)  # fmt: skip
    fabrique.fiche(demarche, maitre_ouvrage=a, numero=2, priorite_maitre_ouvrage=2, priorite_territoire=1,
                   priorite_autorite=2)  # fmt: skip
    fabrique.fiche(demarche, maitre_ouvrage=b, numero=3, priorite_maitre_ouvrage=1, priorite_territoire=2,
                   priorite_autorite=2)  # fmt: skip
    fabrique.fiche(demarche, maitre_ouvrage=b, numero=4)
    fiches = list(Fiche.objects.select_related("maitre_ouvrage").order_by("numero"))
    textes = {e.titre: e.texte for e in ecartements(fiches)}
    assert "sur 2 paires" in textes["Territoire et autorité"]
    assert "2 sont dans l’ordre inverse (100 %)" in textes["Territoire et autorité"]
    assert "sur 1 paires" in textes["Maîtres d’ouvrage et territoire"]
    dites = {t.titre: [f.numero for f in t.fiches] for t in tensions(fiches)}
    assert dites["Premier d’un côté, dernier pour le territoire"] == [1]
    assert dites["Rang 2 donné plusieurs fois par l’autorité"] == [2, 3]
    assert dites["Projets que personne n’a classés"] == [4]


def test_une_methode_piegee_reste_du_texte(demarche, connecte):
    piege = "</textarea><script>alert('x')</script>"
    fabrique.fiche(demarche, titre=piege, numero=1)
    client = connecte(fabrique.agent("president_epci", demarche))
    client.post(PAGE, envoi("territoire", {1: 1}, methode=piege, arrete_par=piege))
    page = client.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;" in page
