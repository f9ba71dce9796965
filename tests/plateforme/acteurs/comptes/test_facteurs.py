"""The second factor: enrolled, asked at login, its codes used once, taken away."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.comptes import facteurs
from arpent.plateforme.acteurs.models import Agent, CodeSecours, CodeTemporel, SessionOuverte
from tests.plateforme import fabrique

from .conftest import CONNEXION, MOT_DE_PASSE

pytestmark = pytest.mark.django_db
Entrer = Callable[..., Client]
CODE = "/compte/code/"
SECOND = "/connexion/code/"


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("administrateur")


class Telephone:
    """The secret, and a clock that moves when asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.instant, self.secret = float(int(time.time())), ""
        monkeypatch.setattr(facteurs.time, "time", lambda: self.instant)

    def code(self, decalage: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.instant) + decalage)

    def avancer(self, secondes: int = 30) -> None:
        self.instant += secondes


@pytest.fixture
def telephone(monkeypatch: pytest.MonkeyPatch) -> Telephone:
    return Telephone(monkeypatch)


def _enroler(client: Client, telephone: Telephone) -> list[str]:
    client.post(reverse("compte:code_preparer"))
    page = client.get(CODE).content.decode()
    trouve = re.search(r"Clé\s: <code>([A-Z2-7]{32})</code>", page)
    assert trouve
    assert "data:image/svg+xml" in page
    telephone.secret = trouve[1]
    reponse = client.post(CODE, {"code": telephone.code()})
    assert reponse.status_code == 200
    return re.findall(r"<code>([A-Z2-7-]{14})</code>", reponse.content.decode())


@pytest.fixture
def codes(entre: Entrer, agent: Agent, telephone: Telephone) -> list[str]:
    codes = _enroler(entre(agent), telephone)
    telephone.avancer()
    return codes


def _mot_de_passe(agent: Agent) -> Client:
    client = Client()
    reponse = client.post(
        f"{CONNEXION}?next=/compte/", {"username": agent.courriel, "password": MOT_DE_PASSE}
    )
    assert reponse.headers["Location"] == SECOND
    return client


def test_le_mot_de_passe_seul_n_ouvre_plus(agent: Agent, codes: list[str], telephone: Telephone) -> None:
    client = _mot_de_passe(agent)
    assert client.get("/compte/").status_code == 302
    avant = client.session.session_key
    assert client.get(SECOND).status_code == 200
    assert client.post(SECOND, {"code": telephone.code()}).headers["Location"] == "/compte/"
    assert client.session.session_key != avant
    assert client.get("/compte/").status_code == 200
    derniere = SessionOuverte.objects.order_by("pk").last()
    assert derniere is not None
    assert derniere.moyen == "mot de passe et code temporel"


def test_un_code_ne_sert_qu_une_fois(agent: Agent, codes: list[str], telephone: Telephone) -> None:
    code = telephone.code()
    assert _mot_de_passe(agent).post(SECOND, {"code": code}).status_code == 302
    assert _mot_de_passe(agent).post(SECOND, {"code": code}).status_code == 422


@pytest.mark.parametrize(("decalage", "statut"), [(-60, 422), (-30, 422), (30, 302), (60, 422)])
def test_une_horloge_qui_avance_d_un_pas_est_suivie(
    agent: Agent, codes: list[str], telephone: Telephone, decalage: int, statut: int
) -> None:
    """A step behind has served already, when the factor was enrolled."""
    assert _mot_de_passe(agent).post(SECOND, {"code": telephone.code(decalage)}).status_code == statut


def test_dix_codes_de_secours_qui_servent_une_fois(agent: Agent, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    assert _mot_de_passe(agent).post(SECOND, {"code": codes[0].lower()}).status_code == 302
    assert _mot_de_passe(agent).post(SECOND, {"code": codes[0]}).status_code == 422
    assert facteurs.codes_restants(agent) == 9


def test_les_codes_ne_sont_gardes_ni_lus_en_clair(
    agent: Agent, codes: list[str], telephone: Telephone
) -> None:
    gardes = " ".join(CodeSecours.objects.values_list("empreinte", flat=True))
    assert codes[0].replace("-", "") not in gardes
    assert telephone.secret not in CodeTemporel.objects.get().secret


def test_une_cle_d_instance_perdue_laisse_les_codes_de_secours(
    agent: Agent, codes: list[str], telephone: Telephone
) -> None:
    CodeTemporel.objects.update(secret="illisible")
    client = _mot_de_passe(agent)
    reponse = client.post(SECOND, {"code": telephone.code()})
    assert "code de secours" in reponse.content.decode()
    assert client.post(SECOND, {"code": codes[1]}).status_code == 302


def test_vingt_codes_par_heure(agent: Agent, codes: list[str]) -> None:
    client = _mot_de_passe(agent)
    statuts = [client.post(SECOND, {"code": f"{n:06}"}).status_code for n in range(22)]
    assert statuts.count(422) == 20
    assert statuts[-1] == 429


def test_sans_mot_de_passe_prouve_la_page_du_code_renvoie_a_la_connexion(
    agent: Agent, codes: list[str], telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get(SECOND).headers["Location"] == CONNEXION
    client = _mot_de_passe(agent)
    telephone.avancer(301)
    assert client.get(SECOND).headers["Location"] == CONNEXION
    client = _mot_de_passe(agent)
    agent.set_password("un-autre-mot-de-passe")
    agent.save()
    assert client.get(SECOND).headers["Location"] == CONNEXION
    agent.set_password(MOT_DE_PASSE)
    agent.save()
    client = _mot_de_passe(agent)
    Agent.objects.update(is_active=False)
    assert client.get(SECOND).headers["Location"] == CONNEXION


def test_un_mauvais_premier_code_n_active_rien(entre: Entrer, agent: Agent, telephone: Telephone) -> None:
    client = entre(agent)
    assert client.post(CODE, {"code": "123456"}).status_code == 422
    client.post(reverse("compte:code_preparer"))
    assert client.post(CODE, {"code": "abc"}).status_code == 422
    assert not facteurs.a_un_second_facteur(agent)
    statuts = [client.post(CODE, {"code": "abc"}).status_code for _ in range(20)]
    assert statuts[-1] == 429


def test_on_refait_ses_codes_et_on_retire_le_facteur(
    entre: Entrer, agent: Agent, telephone: Telephone, django_assert_num_queries: Any
) -> None:
    client = entre(agent)
    assert client.post(reverse("compte:code_secours")).status_code == 302
    anciens = _enroler(client, telephone)
    assert client.post(reverse("compte:code_preparer"), follow=True).status_code == 200
    assert "en service" in client.get(CODE).content.decode()
    nouveaux = client.post(reverse("compte:code_secours")).content.decode()
    assert anciens[0] not in nouveaux
    avant = client.session.session_key
    assert client.post(reverse("compte:code_retirer")).status_code == 302
    assert client.session.session_key != avant
    assert not CodeSecours.objects.exists()
    facteurs.retirer_code_temporel(agent, par=None)
    assert Client().post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE}).status_code == 302


def test_l_instance_peut_exiger_un_second_facteur_des_administrateurs(
    entre: Entrer, agent: Agent, telephone: Telephone, settings: Any
) -> None:
    settings.ARPENT_SECOND_FACTEUR = "1"
    client = entre(agent)
    assert client.get("/").headers["Location"] == CODE
    assert "exige un second facteur" in client.get(CODE).content.decode()
    _enroler(client, telephone)
    assert client.get("/").status_code == 200
    refus = client.post(reverse("compte:code_retirer"), follow=True).content.decode()
    assert "ne peut pas être retiré" in refus
    maire = entre(fabrique.agent("maire", fabrique.demarche()))
    assert maire.get("/").status_code == 200
    settings.ARPENT_SECOND_FACTEUR = "tous"
    assert entre(fabrique.agent("maire", fabrique.demarche())).get("/").headers["Location"] == CODE
