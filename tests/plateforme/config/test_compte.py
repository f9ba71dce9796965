"""`arpent compte`: invite, close, sessions, factor, export, anonymise."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.test import Client

from arpent.plateforme.acteurs.comptes.facteurs import preparer_code_temporel
from arpent.plateforme.acteurs.models import Agent, CodeTemporel, Invitation, SessionOuverte
from tests.plateforme import fabrique

from .conftest import Console

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche())


@pytest.fixture
def ouvert(agent: Agent) -> Client:
    client = Client()
    client.post("/connexion/", {"username": agent.courriel, "password": "mot-de-passe-solide"})
    return client


def test_inviter_affiche_le_lien(arpent: Console) -> None:
    demarche = fabrique.demarche()
    demarche.autorite.siren = "224800011"
    demarche.autorite.save()
    fait = arpent(
        "compte", "inviter", "i@exemple.fr", "--nom", "Roux", "--role", "instructeur",
        "--autorite", "224800011", "--adresse", "https://arpent.example/",
    )  # fmt: skip
    assert fait.code == 0
    lien = fait.sortie.splitlines()[1]
    assert lien.startswith("https://arpent.example/invitation/")
    assert Client().get(lien.removeprefix("https://arpent.example")).status_code == 200
    assert Invitation.objects.get().role == "instructeur"


def test_une_invitation_mal_faite_est_expliquee(arpent: Console) -> None:
    demarche = fabrique.demarche()
    arpent(
        "compte", "inviter", "i@exemple.fr", "--nom", "R", "--role", "invite", "--territoire", demarche.slug
    ).exiger_un_refus("date de fin")
    arpent(
        "compte", "inviter", "i@exemple.fr", "--nom", "R", "--role", "instructeur", "--autorite", "999999999"
    ).exiger_un_refus("999999999")


def test_desactiver_ferme_tout(arpent: Console, agent: Agent, ouvert: Client) -> None:
    assert arpent("compte", "desactiver", agent.courriel).code == 0
    assert ouvert.get("/").status_code == 302
    arpent("compte", "desactiver", agent.courriel).exiger_un_refus("déjà désactivé")
    assert arpent("compte", "reactiver", agent.courriel).code == 0
    arpent("compte", "reactiver", agent.courriel).exiger_un_refus("déjà ouvert")
    arpent("compte", "desactiver", "personne@exemple.fr").exiger_un_refus("aucun compte")


def test_les_sessions_se_lisent_et_se_ferment(arpent: Console, agent: Agent, ouvert: Client) -> None:
    assert "mot de passe  127.0.0.1" in arpent("compte", "sessions", agent.courriel).sortie
    assert arpent("compte", "sessions", agent.courriel, "--json").json[0]["moyen"] == "mot de passe"
    assert "fermées : 1" in arpent("compte", "sessions", agent.courriel, "--fermer").sortie
    assert not SessionOuverte.objects.exists()
    assert ouvert.get("/").status_code == 302


def test_un_facteur_perdu_se_retire(arpent: Console, agent: Agent) -> None:
    preparer_code_temporel(agent)
    assert arpent("compte", "retirer-facteur", agent.courriel).code == 0
    assert not CodeTemporel.objects.exists()


def test_exporter_ecrit_le_zip(arpent: Console, agent: Agent, tmp_path: Path) -> None:
    assert arpent("compte", "exporter", agent.courriel, tmp_path / "a.zip").code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert agent.courriel in archive.read("donnees.json").decode()
    arpent("compte", "exporter", agent.courriel, tmp_path / "absent" / "a.zip").exiger_un_refus("a.zip")


def test_l_apercu_precede_l_anonymisation(arpent: Console, agent: Agent, ouvert: Client) -> None:
    apercu = arpent("compte", "anonymiser", agent.courriel, "--apercu")
    assert "empreintes" in apercu.sortie
    arpent("compte", "anonymiser", agent.courriel).exiger_un_refus("habilitation")
    arpent("compte", "desactiver", agent.courriel)
    assert f"Personne n° {agent.pk}" in arpent("compte", "anonymiser", agent.courriel).sortie
    assert not Agent.objects.filter(courriel=agent.courriel).exists()
