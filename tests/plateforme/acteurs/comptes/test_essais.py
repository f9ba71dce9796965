"""Line 13: how many guesses, from where, and nobody locked out by somebody else."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arpent.plateforme.acteurs.comptes import essais
from arpent.plateforme.acteurs.models import Agent, Essai
from arpent.plateforme.notifications.models import Courriel
from tests.plateforme import fabrique

from .conftest import CONNEXION, MOT_DE_PASSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche())


def _essayer(client: Client, courriel: str, mot_de_passe: str = "faux", **options: Any) -> int:
    donnees = {"username": courriel, "password": mot_de_passe, "_soumission": secrets.token_hex(8)}
    return client.post(CONNEXION, donnees, **options).status_code


def test_un_compte_essaye_de_partout_recoit_vingt_essais_par_heure(agent: Agent) -> None:
    """Each try from another address, with a submission key: an answer that is a page undoes nothing."""
    codes = [_essayer(Client(), agent.courriel, REMOTE_ADDR=f"10.0.{n}.1") for n in range(25)]
    assert codes.count(200) == 20
    assert set(codes[20:]) == {429}


def test_une_adresse_qui_essaye_tous_les_comptes_recoit_cent_essais_par_heure() -> None:
    codes = [_essayer(Client(), f"personne{n}@exemple.fr") for n in range(105)]
    assert codes.count(200) == 100
    assert set(codes[100:]) == {429}


def test_ce_qui_est_refuse_ne_prolonge_pas_l_attente(agent: Agent) -> None:
    for _ in range(22):
        _essayer(Client(), agent.courriel)
    Essai.objects.update(le=timezone.now() - timedelta(minutes=61))
    assert Essai.objects.count() == 20
    assert _essayer(Client(), agent.courriel, MOT_DE_PASSE) == 302


def test_le_refus_dit_combien_attendre_et_quoi_faire(agent: Agent) -> None:
    client = Client()
    for _ in range(20):
        _essayer(client, agent.courriel)
    reponse = client.post(CONNEXION, {"username": agent.courriel, "password": "faux"})
    assert reponse.status_code == 429
    assert 3000 < int(reponse.headers["Retry-After"]) <= 3600
    assert "Réessayez dans 60 minutes" in reponse.content.decode()


def test_personne_n_est_enferme_dehors_par_un_autre(agent: Agent) -> None:
    """The browser that has logged in before has a count of its own."""
    habituel = Client(REMOTE_ADDR="192.0.2.1")
    assert _essayer(habituel, agent.courriel, MOT_DE_PASSE) == 302
    habituel.post("/deconnexion/")
    for n in range(30):
        _essayer(Client(), agent.courriel, REMOTE_ADDR=f"10.0.{n}.1")
    assert _essayer(Client(REMOTE_ADDR="192.0.2.9"), agent.courriel, MOT_DE_PASSE) == 429
    assert habituel.post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE}).status_code == 302


def test_un_navigateur_connu_n_a_que_vingt_essais_lui_aussi(agent: Agent) -> None:
    habituel = Client()
    _essayer(habituel, agent.courriel, MOT_DE_PASSE)
    habituel.post("/deconnexion/")
    codes = [
        habituel.post(CONNEXION, {"username": agent.courriel, "password": "faux"}).status_code
        for _ in range(22)
    ]
    assert codes.count(200) == 20


def test_le_cookie_d_un_compte_ne_sert_pas_a_un_autre(agent: Agent) -> None:
    autre = fabrique.agent("maire", fabrique.demarche())
    attaquant = Client()
    _essayer(attaquant, autre.courriel, MOT_DE_PASSE)
    attaquant.post("/deconnexion/")
    for n in range(20):
        _essayer(Client(), agent.courriel, REMOTE_ADDR=f"10.0.{n}.1")
    code = attaquant.post(CONNEXION, {"username": agent.courriel, "password": "faux"}).status_code
    assert code == 429


def test_reussir_remet_le_compte_a_zero_mais_pas_l_adresse(agent: Agent) -> None:
    for n in range(30):
        _essayer(Client(), f"personne{n}@exemple.fr")
    _essayer(Client(), agent.courriel)
    assert _essayer(Client(), agent.courriel, MOT_DE_PASSE) == 302
    assert Essai.objects.count() == 30


@pytest.mark.parametrize("courriel", ["connu", "inconnu", "ferme"])
def test_le_meme_travail_est_fait_que_le_compte_existe_ou_non(
    agent: Agent, courriel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is that of the hashing: one, always. Measured: `bench/fiabilite/essais.py`."""
    if courriel == "ferme":
        Agent.objects.update(is_active=False)
    hacheur, faits = hashers.get_hasher(), []
    vrai = type(hacheur).encode

    def compte(self: Any, *args: Any, **kwargs: Any) -> str:
        faits.append(1)
        return str(vrai(self, *args, **kwargs))

    monkeypatch.setattr(type(hacheur), "encode", compte)
    adresse = "inconnu@exemple.fr" if courriel == "inconnu" else agent.courriel
    reponse = Client().post(CONNEXION, {"username": adresse, "password": "faux"})
    assert len(faits) == 1
    assert "Adresse ou mot de passe inconnus" in reponse.content.decode()


@pytest.mark.parametrize("connu", [True, False])
def test_un_mot_de_passe_perdu_ecrit_en_une_fois_que_l_adresse_soit_connue_ou_non(
    agent: Agent, connu: bool
) -> None:
    """A commit of its own for a mail that leaves would take longer on PostgreSQL: the time would tell."""
    courriel = agent.courriel if connu else "inconnu@exemple.fr"
    with CaptureQueriesContext(connection) as lues:
        Client().post("/mot-de-passe/perdu/", {"courriel": courriel})
    points = [q["sql"] for q in lues if "SAVEPOINT" in q["sql"]]
    assert points[-1] == f"RELEASE {points[0]}"
    assert Courriel.objects.count() == connu


def test_les_mots_de_passe_perdus_sont_bornes_a_cent_par_adresse() -> None:
    url = "/mot-de-passe/perdu/"
    codes = [Client().post(url, {"courriel": f"p{n}@exemple.fr"}).status_code for n in range(102)]
    assert codes.count(302) == 100
    assert codes[-1] == 429


def test_trois_courriels_par_heure_et_la_meme_reponse_ensuite(agent: Agent) -> None:
    for n in range(6):
        reponse = Client(REMOTE_ADDR=f"10.1.{n}.1").post("/mot-de-passe/perdu/", {"courriel": agent.courriel})
        assert reponse.headers["Location"] == "/mot-de-passe/perdu/envoye/"
    assert Courriel.objects.count() == 3


def test_les_liens_forges_sont_bornes_eux_aussi() -> None:
    codes = [Client().post("/mot-de-passe/choisir/faux/").status_code for _ in range(102)]
    assert codes.count(410) == 100
    assert codes[-1] == 429
    assert Client().post("/invitation/faux/").status_code == 429


@pytest.mark.parametrize(
    ("une", "autre", "meme"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "inconnue", False),
    ],
)
def test_une_adresse_ipv6_compte_par_reseau(une: str, autre: str, meme: bool) -> None:
    assert (essais.cle_de_l_adresse(une) == essais.cle_de_l_adresse(autre)) is meme


def test_aucune_adresse_n_est_gardee_en_clair_et_tout_s_efface_en_un_jour(agent: Agent) -> None:
    _essayer(Client(), agent.courriel)
    essai = Essai.objects.get()
    assert agent.courriel not in str(vars(essai))
    assert "127.0.0.1" not in str(vars(essai))
    Essai.objects.update(le=timezone.now() - timedelta(days=2))
    _essayer(Client(), "autre@exemple.fr")
    assert Essai.objects.count() == 1


@pytest.mark.parametrize("temoin", ["", "forge", "WzFd:1uQ:faux"])
def test_un_temoin_d_appareil_forge_ne_vaut_rien(temoin: str) -> None:
    requete = RequestFactory().get("/")
    requete.COOKIES[essais.APPAREIL] = temoin
    assert essais.appareil_de(requete, essais.cle_du_compte("a@exemple.fr")) == ""


def test_derriere_le_mandataire_chacun_a_son_adresse(settings: Any, rf: RequestFactory) -> None:
    settings.ARPENT_HTTPS = True
    requete = rf.get("/", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7", REMOTE_ADDR="127.0.0.1")
    assert essais.adresse_de(requete) == "203.0.113.7"


def test_attente_en_minutes_entieres() -> None:
    assert essais.TropDEssais(timedelta(seconds=61)).minutes == 2
    assert essais.TropDEssais(timedelta(seconds=-5)).minutes == 1
    assert "1 minute." in str(essais.TropDEssais(timedelta(seconds=30)))
