"""Avis of services, from a fiche."""

from datetime import date, timedelta

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import AvisService
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
DEMAIN = date.today() + timedelta(days=1)
XSS = "<script>alert(1)</script>"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


@pytest.fixture
def fiche(demarche):
    return fabrique.fiche(demarche, numero=5)


def avis_sur(fiche, **champs):
    defaut = {
        "service": "Routes", "question": "Le pont tient-il ?", "echeance_le": DEMAIN, "demande_par_nom": "A",
    }  # fmt: skip
    return AvisService.objects.create(fiche=fiche, **(defaut | champs))


def test_un_avis_se_demande_a_une_personne_qui_l_apprend(demarche, fiche, connecte):
    technicien = fabrique.agent("mission_appui", demarche)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    reponse = chef.post(
        f"{fiche.get_absolute_url()}avis/demander/",
        {"service": "Routes", "agent": technicien.pk, "question": XSS, "echeance_le": DEMAIN.isoformat()},
    )
    assert reponse.status_code == 302
    avis = AvisService.objects.get()
    assert (avis.agent_id, avis.confidentiel) == (technicien.pk, False)
    assert Notification.objects.get().destinataire_id == technicien.pk
    page = chef.get(f"{fiche.get_absolute_url()}volets/actes/").content.decode()
    assert XSS not in page
    assert "&lt;script&gt;" in page


def test_un_delai_deja_passe_est_refuse(demarche, fiche, connecte):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    hier = (date.today() - timedelta(days=1)).isoformat()
    donnees = {"service": "Routes", "question": "?", "echeance_le": hier}
    reponse = chef.post(f"{fiche.get_absolute_url()}avis/demander/", donnees)
    assert reponse.status_code == 400
    assert "date est passée" in reponse.content.decode()


def test_un_avis_reserve_se_motive_et_se_rend_une_fois(demarche, fiche, connecte):
    avis = avis_sur(fiche)
    client = connecte(fabrique.agent("mission_appui", demarche))
    adresse = f"{fiche.get_absolute_url()}avis/{avis.pk}/"
    assert "Le pont tient-il" in client.get(adresse).content.decode()
    refus = client.post(adresse, {"sens": "reserve", "version_lue": 1})
    assert refus.status_code == 400
    assert "se motive" in refus.content.decode()
    donnees = {"sens": "reserve", "motifs": "Appuis à reprendre", "version_lue": 1}
    assert client.post(adresse, donnees).status_code == 302
    avis.refresh_from_db()
    assert (avis.sens, avis.motifs, avis.version) == ("reserve", "Appuis à reprendre", 2)
    assert client.post(adresse, donnees).status_code == 403


def test_une_reponse_faite_entre_temps_est_montree(demarche, fiche, connecte):
    avis = avis_sur(fiche)
    AvisService.objects.filter(pk=avis.pk).update(version=2)
    client = connecte(fabrique.agent("mission_appui", demarche))
    reponse = client.post(
        f"{fiche.get_absolute_url()}avis/{avis.pk}/", {"sens": "favorable", "version_lue": 1}
    )
    assert reponse.status_code == 409


def test_un_avis_demande_a_un_autre_ne_se_rend_pas_a_sa_place(demarche, fiche, connecte):
    avis = avis_sur(fiche, agent=fabrique.agent("mission_appui", demarche))
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    assert client.get(f"{fiche.get_absolute_url()}avis/{avis.pk}/").status_code == 403


@pytest.mark.parametrize(
    "role", ["maire", "secretaire_mairie", "president_epci", "agent_epci", "sous_prefet"]
)
def test_un_avis_confidentiel_n_existe_pas_hors_de_l_autorite(demarche, fiche, connecte, role):
    avis = avis_sur(fiche, question="Question cachée", service="Service caché")
    pour = fiche.maitre_ouvrage if role in {"maire", "secretaire_mairie"} else None
    client = connecte(fabrique.agent(role, demarche, pour=pour))
    for adresse in (
        fiche.get_absolute_url(),
        "/territoires/gevaudan/plan/avis/",
        "/territoires/gevaudan/journal/",
    ):
        assert "caché" not in client.get(adresse).content.decode()
    assert client.get(f"{fiche.get_absolute_url()}avis/{avis.pk}/").status_code in {403, 404}


@pytest.mark.parametrize(
    "role", ["chef_de_projet", "instructeur", "mission_appui", "elu_autorite", "administrateur"]
)
def test_un_avis_confidentiel_se_lit_dans_l_autorite(demarche, fiche, connecte, role):
    avis_sur(fiche, question="Question cachée")
    page = connecte(fabrique.agent(role, demarche)).get(f"{fiche.get_absolute_url()}volets/actes/")
    assert "Question cachée" in page.content.decode()


def test_un_avis_partage_est_lu_par_le_porteur_sans_qu_il_puisse_le_rendre(demarche, fiche, connecte):
    avis = avis_sur(fiche, confidentiel=False)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert "Le pont tient-il" in client.get(f"{fiche.get_absolute_url()}volets/actes/").content.decode()
    assert client.get(f"{fiche.get_absolute_url()}avis/{avis.pk}/").status_code == 403


def test_la_personne_designee_lit_l_avis_confidentiel_d_ou_qu_elle_soit(demarche, fiche):
    sous_prefet = fabrique.agent("sous_prefet", demarche)
    avis = avis_sur(fiche, agent=sous_prefet)
    assert list(AvisService.objects.visibles_par(sous_prefet)) == [avis]
    assert list(AvisService.objects.a_rendre_par(sous_prefet)) == [avis]


def test_le_journal_de_la_fiche_ne_dit_rien_d_un_avis_confidentiel(demarche, fiche, connecte):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    donnees = {"service": "Routes", "question": "?", "echeance_le": DEMAIN.isoformat(), "confidentiel": "on"}
    chef.post(f"{fiche.get_absolute_url()}avis/demander/", donnees)
    entree = Entree.objects.get(geste="demander_avis")
    assert (entree.objet_type, entree.demarche_id) == ("plans.avisservice", None)


def test_la_liste_met_les_retards_en_tete(demarche, fiche, connecte, django_assert_max_num_queries):
    for i in range(6):
        avis_sur(fiche, service=f"Service {i}", echeance_le=date.today() - timedelta(days=i))
    client = connecte(fabrique.agent("instructeur", demarche))
    client.get("/territoires/gevaudan/plan/avis/")
    with django_assert_max_num_queries(9):
        page = client.get("/territoires/gevaudan/plan/avis/").content.decode()
    assert "6 avis attendus, dont 5 en retard" in page
    assert page.index("Service 5") < page.index("Service 0")
