"""The login page: form, demonstration accounts, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
URL = "/connexion/"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.ARPENT_DEMO = True


def test_un_clic_ouvre_la_session_d_un_compte_de_demonstration(client: Client):
    agent = fabrique.agent("maire", fabrique.demarche(), est_demonstration=True, fonction="Maire")
    page = client.get(URL).content.decode()
    entree = reverse("portail:connexion_demo", args=[agent.pk])
    assert f'action="{entree}"' in page
    assert client.post(entree).headers["Location"] == "/"
    assert agent.nom_complet in client.get("/").content.decode()


def test_hors_demonstration_les_comptes_n_existent_pas(client: Client, settings: Any):
    settings.ARPENT_DEMO = False
    agent = fabrique.agent("maire", fabrique.demarche(), est_demonstration=True)
    assert "Entrer dans la démonstration" not in client.get(URL).content.decode()
    assert client.post(reverse("portail:connexion_demo", args=[agent.pk])).status_code == 404


def test_un_mauvais_mot_de_passe_ne_dit_pas_si_le_compte_existe(client: Client):
    agent = fabrique.agent("maire", fabrique.demarche())
    reponses = [
        client.post(URL, {"username": courriel, "password": "faux"}).content.decode()
        for courriel in (agent.courriel, "inconnu@exemple.fr")
    ]
    assert all("Adresse ou mot de passe inconnus" in r for r in reponses)


def test_la_page_d_accessibilite_se_lit_sans_compte(client: Client):
    assert client.get(reverse("portail:accessibilite")).status_code == 200
