"""Passkeys: enrolling one, entering with it, refusing whatever is not it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.comptes import cles
from arpent.plateforme.acteurs.comptes.facteurs import preparer_code_temporel
from arpent.plateforme.acteurs.models import Agent, CleAcces, CodeTemporel, SessionOuverte
from tests.plateforme import fabrique

from .authentificateur import Authentificateur

pytestmark = pytest.mark.django_db
Entrer = Callable[..., Client]
CLES = "/compte/cles/"
OPTIONS = "/compte/cles/options/"
RATE = "n’a pas été reconnue"


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche())


@pytest.fixture
def client_ouvert(entre: Entrer, agent: Agent) -> Client:
    return entre(agent)


def _enroler(client: Client, cle: Authentificateur, **options: Any) -> Any:
    defi = client.post(OPTIONS).json()
    envoi = {"reponse": cle.reponse_a(defi, **options), "nom": "Portable"}
    return client.post(CLES, envoi, follow=True)


@pytest.fixture
def cle(client_ouvert: Client) -> Authentificateur:
    cle = Authentificateur()
    assert "est enregistrée" in _enroler(client_ouvert, cle).content.decode()
    return cle


def _entrer(cle: Authentificateur, client: Client | None = None, **options: Any) -> tuple[Client, str]:
    client = client or Client()
    defi = client.post(reverse("compte:cle_connexion_options")).json()
    reponse = client.post(
        reverse("compte:cle_connexion"), {"reponse": cle.signature_de(defi, **options), "next": "/compte/"}
    )
    return client, reponse.headers["Location"]


def test_on_entre_sans_mot_de_passe_avec_une_cle_enregistree(cle: Authentificateur) -> None:
    client, vers = _entrer(cle)
    assert vers == "/compte/"
    assert client.get("/compte/").status_code == 200
    assert SessionOuverte.objects.order_by("pk").last().moyen == "clé d’accès"  # type: ignore[union-attr]
    assert CleAcces.objects.get().utilisee_le is not None


def test_la_cle_vaut_deux_facteurs(agent: Agent, cle: Authentificateur) -> None:
    preparer_code_temporel(agent)
    CodeTemporel.objects.update(active_le="2026-01-01T00:00:00Z")
    assert _entrer(cle)[1] == "/compte/"


def test_la_reponse_a_un_defi_ne_sert_qu_une_fois(cle: Authentificateur) -> None:
    client = Client()
    defi = client.post(reverse("compte:cle_connexion_options")).json()
    reponse = cle.signature_de(defi)
    client.post(reverse("compte:cle_connexion"), {"reponse": reponse})
    client.post("/deconnexion/")
    suite = client.post(reverse("compte:cle_connexion"), {"reponse": reponse}, follow=True)
    assert "La demande a expiré" in suite.content.decode()


def test_un_defi_meurt_en_cinq_minutes(cle: Authentificateur, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    defi = client.post(reverse("compte:cle_connexion_options")).json()
    plus_tard = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: plus_tard)
    client.post(reverse("compte:cle_connexion"), {"reponse": cle.signature_de(defi)})
    assert client.get("/compte/").status_code == 302


def _origine(cle: Authentificateur) -> dict[str, Any]:
    cle.origine = "https://arpent.example.evil"
    return {}


def _hote(cle: Authentificateur) -> dict[str, Any]:
    cle.hote = "evil"
    return {}


def _autre_signature(cle: Authentificateur) -> dict[str, Any]:
    return {"avec": ec.generate_private_key(ec.SECP256R1())}


def _sans_verification(cle: Authentificateur) -> dict[str, Any]:
    return {"verifie": False}


def _autre_titulaire(cle: Authentificateur) -> dict[str, Any]:
    cle.titulaire = b"OTk5"
    return {}


def _inconnue(cle: Authentificateur) -> dict[str, Any]:
    cle.identifiant = b"\1" * 16
    return {}


def _compte_ferme(cle: Authentificateur) -> dict[str, Any]:
    Agent.objects.update(is_active=False)
    return {}


def _copiee(cle: Authentificateur) -> dict[str, Any]:
    CleAcces.objects.update(compteur=50)
    return {}


@pytest.mark.parametrize(
    "faute",
    [
        _origine, _hote, _autre_signature, _sans_verification, _autre_titulaire, _inconnue, _compte_ferme,
        _copiee,
    ],
)  # fmt: skip
def test_toute_reponse_fautive_recoit_le_meme_refus(
    cle: Authentificateur, faute: Callable[[Authentificateur], dict[str, Any]]
) -> None:
    client, vers = _entrer(cle, **faute(cle))
    assert vers == "/connexion/"
    assert RATE in client.get("/connexion/").content.decode()
    assert client.get("/compte/").status_code == 302


@pytest.mark.parametrize("reponse", ["", "{", "[]", "{}", '{"id": 1}', '"a"', json.dumps({"id": "a" * 9000})])
def test_une_reponse_illisible_est_refusee(cle: Authentificateur, reponse: str) -> None:
    client = Client()
    client.post(reverse("compte:cle_connexion_options"))
    suite = client.post(reverse("compte:cle_connexion"), {"reponse": reponse}, follow=True)
    assert RATE in suite.content.decode()


@pytest.mark.parametrize("reponse", ["", "[]", "{}", '{"id": "a", "response": {}}'])
def test_un_enregistrement_illisible_est_refuse(client_ouvert: Client, reponse: str) -> None:
    client_ouvert.post(OPTIONS)
    assert RATE in client_ouvert.post(CLES, {"reponse": reponse}, follow=True).content.decode()
    assert not CleAcces.objects.exists()


def test_une_cle_sans_verification_de_la_personne_n_est_pas_gardee(client_ouvert: Client) -> None:
    assert RATE in _enroler(client_ouvert, Authentificateur(), verifie=False).content.decode()


def test_la_meme_cle_ne_s_enregistre_pas_deux_fois(client_ouvert: Client, cle: Authentificateur) -> None:
    assert RATE in _enroler(client_ouvert, cle).content.decode()
    assert CleAcces.objects.count() == 1


def test_le_defi_d_une_connexion_ne_sert_pas_a_enregistrer(client_ouvert: Client) -> None:
    defi = client_ouvert.post(reverse("compte:cle_connexion_options")).json()
    defi["publicKey"]["user"] = {"id": "MQ"}
    reponse = Authentificateur().reponse_a(defi)
    assert "a expiré" in client_ouvert.post(CLES, {"reponse": reponse}, follow=True).content.decode()


def test_dix_cles_au_plus(client_ouvert: Client, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cles, "CLES_MAX", 0)
    reponse = client_ouvert.post(OPTIONS)
    assert reponse.status_code == 422
    assert "retirez" in reponse.json()["raison"]


def test_on_retire_sa_cle_et_pas_celle_d_un_autre(
    entre: Entrer, client_ouvert: Client, cle: Authentificateur
) -> None:
    url = reverse("compte:cle_retirer", args=[CleAcces.objects.get().pk])
    assert entre(fabrique.agent("maire", fabrique.demarche())).post(url).status_code == 404
    assert "Portable" in client_ouvert.get(CLES).content.decode()
    assert client_ouvert.post(url).headers["Location"] == CLES
    assert not CleAcces.objects.exists()
    assert _entrer(cle)[1] == "/connexion/"
