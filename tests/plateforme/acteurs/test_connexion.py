"""Login, sessions, habilitations in time."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings as reglages
from django.test import Client, override_settings
from django.urls import reverse

from arpent.plateforme.acteurs.actions import CompteRefuse, creer_compte
from arpent.plateforme.acteurs.droits import organisations_de, peut
from arpent.plateforme.acteurs.middleware import COOKIE, OUVERTE_LE
from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.demarches.models import Demarche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
CONNEXION = "/connexion/"


def _essai(client: Client, courriel: str, mot_de_passe: str) -> int:
    return client.post(CONNEXION, {"username": courriel, "password": mot_de_passe}).status_code


def test_on_se_connecte_quelle_que_soit_la_casse_de_l_adresse() -> None:
    agent = fabrique.agent("administrateur")
    client = Client()
    assert _essai(client, agent.courriel.upper(), "mot-de-passe-solide") == 302
    assert client.session[OUVERTE_LE]


def test_la_reponse_est_la_meme_compte_connu_ou_non() -> None:
    agent = fabrique.agent("administrateur")
    connu = Client().post(CONNEXION, {"username": agent.courriel, "password": "faux"})
    inconnu = Client().post(CONNEXION, {"username": "personne@exemple.fr", "password": "faux"})
    assert connu.status_code == inconnu.status_code == 200
    assert "inconnus" in connu.content.decode()
    assert "inconnus" in inconnu.content.decode()


def test_un_compte_ferme_n_ouvre_pas() -> None:
    agent = fabrique.agent("administrateur", is_active=False)
    assert _essai(Client(), agent.courriel, "mot-de-passe-solide") == 200


def test_l_identifiant_de_session_change_a_la_connexion() -> None:
    agent = fabrique.agent("administrateur")
    client = Client()
    session = client.session
    session["avant"] = "1"
    session.save()
    avant = session.session_key
    _essai(client, agent.courriel, "mot-de-passe-solide")
    assert client.session.session_key != avant


def test_la_deconnexion_tue_la_session(connecte: Callable[[Agent], Client]) -> None:
    client = connecte(fabrique.agent("administrateur"))
    ancienne = client.cookies[reglages.SESSION_COOKIE_NAME].value
    assert client.get(reverse("portail:accueil")).status_code == 200
    client.post(reverse("portail:deconnexion"))
    client.cookies[reglages.SESSION_COOKIE_NAME] = ancienne
    assert client.get(reverse("portail:accueil")).status_code == 302


def test_un_changement_de_mot_de_passe_tue_les_sessions(connecte: Callable[[Agent], Client]) -> None:
    agent = fabrique.agent("administrateur")
    client = connecte(agent)
    agent.set_password("un-autre-mot-de-passe")
    agent.save()
    assert client.get(reverse("portail:accueil")).status_code == 302


def test_la_session_finit_apres_huit_heures(connecte: Callable[[Agent], Client]) -> None:
    client = connecte(fabrique.agent("maire", fabrique.demarche()))
    session = client.session
    session[OUVERTE_LE] = time.time() - reglages.SESSION_COOKIE_AGE - 1
    session.save()
    assert client.get(reverse("portail:accueil")).status_code == 302


def test_un_administrateur_inactif_est_deconnecte_avant_les_autres(
    connecte: Callable[[Agent], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, maire = (
        connecte(fabrique.agent("administrateur")),
        connecte(fabrique.agent("maire", fabrique.demarche())),
    )
    for client in (admin, maire):
        assert client.get(reverse("portail:accueil")).status_code == 200
        assert COOKIE in client.cookies
    plus_tard = time.time() + reglages.ARPENT_INACTIVITE_ADMIN + 60
    monkeypatch.setattr(time, "time", lambda: plus_tard)
    assert admin.get(reverse("portail:accueil")).status_code == 302
    assert maire.get(reverse("portail:accueil")).status_code == 200


def test_la_fin_d_une_habilitation_ferme_le_perimetre() -> None:
    demarche = fabrique.demarche()
    agent = fabrique.agent("agent_epci", demarche)
    assert Demarche.objects.visibles_par(agent).count() == 1
    Habilitation.objects.filter(agent=agent).update(fin=date.today() - timedelta(days=1))
    assert Demarche.objects.visibles_par(Agent.objects.get(pk=agent.pk)).count() == 0


def test_un_refus_dit_a_qui_revient_le_geste() -> None:
    demarche = fabrique.demarche()
    maire = fabrique.agent("maire", demarche)
    avis = peut(maire, "maquette.arbitrer", territoire_id=demarche.territoire_id)
    assert not avis
    assert "chef de projet territorial" in avis.raison


def test_un_maire_n_ecrit_que_pour_sa_commune() -> None:
    demarche = fabrique.demarche()
    commune = fabrique.organisation("commune")
    maire = fabrique.agent("maire", demarche, pour=commune)
    assert organisations_de(maire, demarche.territoire_id) == {commune.pk}
    assert organisations_de(maire, demarche.territoire_id + 1) == set()
    assert organisations_de(fabrique.agent("agent_epci", demarche), demarche.territoire_id) is None


def test_les_comptes_de_demonstration_n_existent_pas_hors_demonstration(client: Client) -> None:
    agent = fabrique.agent("administrateur", est_demonstration=True)
    chemin = reverse("portail:connexion_demo", args=[agent.pk])
    with override_settings(ARPENT_DEMO=False):
        assert client.post(chemin).status_code == 404
    ordinaire = fabrique.agent("administrateur")
    assert client.post(reverse("portail:connexion_demo", args=[ordinaire.pk])).status_code == 404
    assert client.post(chemin).status_code == 302


@pytest.mark.parametrize(
    ("role", "mot_de_passe", "dit"),
    [
        ("inconnu", "une phrase de neige rousse", "rôle"),
        ("chef_de_projet", "une phrase de neige rousse", "--autorite"),
        ("agent_epci", "une phrase de neige rousse", "--territoire"),
        ("administrateur", "court", "12"),
    ],
)
def test_un_compte_mal_defini_est_refuse(role: str, mot_de_passe: str, dit: str) -> None:
    with pytest.raises(CompteRefuse, match=dit):
        creer_compte(
            courriel="a@exemple.fr", nom="A", mot_de_passe=mot_de_passe, role=role, debut=date.today()
        )
    assert not Agent.objects.exists()


def test_un_compte_bien_defini_est_cree_et_consigne() -> None:
    agent = creer_compte(
        courriel="a@exemple.fr",
        nom="A",
        mot_de_passe="une phrase de neige rousse",
        role="administrateur",
        debut=date.today(),
    )
    assert agent.check_password("une phrase de neige rousse")
    with pytest.raises(CompteRefuse, match="existe déjà"):
        creer_compte(
            courriel="A@exemple.fr",
            nom="A",
            mot_de_passe="une phrase de neige rousse",
            role="administrateur",
            debut=date.today(),
        )
