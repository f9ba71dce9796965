"""A NUL is refused at the door, whatever the page; half a surrogate arrives as a replacement sign."""

from __future__ import annotations

import pytest
from django.test import Client

from arpent.plateforme.plans.models import VueEnregistree
from tests.charges import DEMI_SURROGAT
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
FORMULAIRE = "application/x-www-form-urlencoded"


@pytest.fixture
def client_connecte(connecte) -> Client:
    return connecte(fabrique.agent("chef_de_projet", fabrique.demarche(slug="ici")))


def test_un_nul_dans_un_formulaire_est_refuse_et_rien_n_est_enregistre(client_connecte: Client) -> None:
    envoi = {"nom": "pi\0rate", "requete": "etat=proposee"}
    reponse = client_connecte.post("/vues/", envoi)
    assert reponse.status_code == 400
    assert "signe invisible" in reponse.content.decode()
    assert not VueEnregistree.objects.exists()


@pytest.mark.parametrize("adresse", ["/fiches/?q=a%00b", "/fiches/?a%00b=1", "/connexion/?next=%00"])
def test_un_nul_dans_l_adresse_est_refuse(client_connecte: Client, adresse: str) -> None:
    assert client_connecte.get(adresse).status_code == 400


def test_une_moitie_de_signe_ne_fait_rien_tomber(client_connecte: Client) -> None:
    corps = b"requete=etat%3Dproposee&nom=" + DEMI_SURROGAT
    reponse = client_connecte.post("/vues/", corps, content_type=FORMULAIRE)
    assert reponse.status_code == 302
    assert VueEnregistree.objects.get().nom == "pi\ufffd\ufffd\ufffdrate"
