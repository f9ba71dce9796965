"""A database that does not answer is said as such, with the time to wait; a fault of ours stays a fault."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from arpent.plateforme.portail import erreurs
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_et_adresse():
    demarche = fabrique.demarche()
    client = Client(raise_request_exception=False)
    client.force_login(
        fabrique.agent("chef_de_projet", demarche), backend="arpent.plateforme.acteurs.moteur.MoteurAgents"
    )
    return client, f"/territoires/{demarche.slug}/plan/"


def _en_panne(client, adresse, erreur):
    def refuser(execute, sql, params, many, context):
        raise erreur

    with connection.execute_wrapper(refuser):
        return client.get(adresse)


def test_une_base_occupee_repond_503_et_dit_quoi_faire(client_et_adresse):
    reponse = _en_panne(*client_et_adresse, OperationalError("database is locked"))
    assert reponse.status_code == 503
    assert reponse.headers["Retry-After"] == "5"
    page = reponse.content.decode()
    assert "Rien de ce que vous veniez d’envoyer n’est enregistré" in page
    assert "<h1>" in page


def test_une_faute_de_l_application_reste_une_erreur_interne(client_et_adresse):
    reponse = _en_panne(*client_et_adresse, RuntimeError("x"))
    assert reponse.status_code == 500
    assert "Retry-After" not in reponse.headers


@pytest.mark.parametrize(
    ("moteur", "erreur", "passagere"),
    [
        ("sqlite", OperationalError("database is locked"), True),
        ("sqlite", OperationalError("database or disk is full"), True),
        ("sqlite", OperationalError("no such table: x"), False),
        ("sqlite", InterfaceError("x"), False),
        ("postgresql", OperationalError("the connection is lost"), True),
        ("postgresql", InterfaceError("connection already closed"), True),
        ("postgresql", ValueError("x"), False),
        ("postgresql", None, False),
        ("sqlite", sqlite3.OperationalError("database is locked"), False),
        ("postgresql", psycopg.OperationalError("x"), False),
    ],
)
def test_ce_qui_est_passager(monkeypatch, moteur, erreur, passagere):
    monkeypatch.setattr(erreurs.connection, "vendor", moteur, raising=False)
    assert erreurs._passagere(erreur) is passagere
