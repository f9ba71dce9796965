"""The pages of a dispositif: values shown, empty or of demonstration; queries; rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
LIVRES = {dossier.name: dossier for dossier in lister_livres()}
LOZERE = "/dispositifs/lozere/"


@pytest.fixture
def client_maire(connecte: Connecte) -> Client:
    return connecte(fabrique.agent("maire", fabrique.demarche()))


def test_les_valeurs_de_demonstration_sont_signalees(client_maire: Client):
    charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    texte = client_maire.get(LOZERE).content.decode()
    assert "Ce règlement contient des valeurs de démonstration" in texte
    assert "valeur de démonstration" in texte


def test_sans_demonstration_les_valeurs_sont_non_renseignees(client_maire: Client):
    charger_dispositif(LIVRES["lozere"], demonstration=False, par=None)
    page = client_maire.get(LOZERE)
    texte = page.content.decode()
    assert page.context["a_renseigner"] >= 3
    assert "non renseigné" in texte
    assert "Ce règlement contient des valeurs de démonstration" not in texte


def test_la_page_montre_articles_fonds_cles_et_etapes(client_maire: Client):
    charger_dispositif(LIVRES["lozere"], demonstration=True, par=None)
    texte = client_maire.get(LOZERE).content.decode()
    for mot in (
        "Article 5",
        "12\u202f000\u202f000",
        "part égale 50",
        "Concertation territoriale",
        "L1111-10",
    ):
        assert mot in texte


def test_un_dispositif_inconnu_n_existe_pas(client_maire: Client):
    assert client_maire.get("/dispositifs/inconnu/").status_code == 404


def test_il_faut_etre_connecte(client: Client):
    assert client.get(reverse("reglements:dispositifs")).status_code == 302


def test_les_pages_coutent_peu_de_requetes(
    client_maire: Client, django_assert_max_num_queries: Callable[..., object]
):
    for dossier in LIVRES.values():
        charger_dispositif(dossier, demonstration=True, par=None)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        page = client_maire.get(reverse("reglements:dispositifs"))
    assert len(page.context["dispositifs"]) == 3
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client_maire.get(LOZERE)
