"""The page « Documents »: who produces, who downloads, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.editions.actions import EditionRefusee, preparer, produire
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.models import DocumentEmis
from tests.documents.verification import faults
from tests.plateforme import fabrique

Connecter = Callable[[Agent], Client]
LE_JOUR = date(2026, 6, 1)


@pytest.fixture
def redacteur(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


def test_le_portrait_reel_tient_en_seize_pages_archivables(demarche: Demarche) -> None:
    contenu = preparer(demarche, ["pdf"], LE_JOUR).fichiers["pdf"]
    from tests.documents.verification import pages

    assert faults(contenu) == []
    assert 8 <= len(pages(contenu)) <= 16


def test_produire_garde_fichier_donnees_et_empreinte(demarche: Demarche, redacteur: Agent) -> None:
    (emis,) = produire(demarche, ["pdf"], le=LE_JOUR, par=redacteur)
    assert emis.sha256 == empreinte(emis.fichier.read())
    assert emis.gabarit == "portrait/v1"
    assert emis.donnees["portrait"]["fige_le"] == "2026-06-01"


def test_la_page_produit_puis_laisse_telecharger(
    demarche: Demarche, redacteur: Agent, connecte: Connecter
) -> None:
    client, url = connecte(redacteur), reverse("diagnostics:documents", args=[demarche.slug])
    assert client.post(url, {"formats": ["pdf"]}).status_code == 302
    emis = DocumentEmis.objects.get()
    page = client.get(url).content.decode()
    assert emis.sha256[:16] in page
    fichier = client.get(reverse("diagnostics:document", args=[demarche.slug, emis.pk]))
    assert empreinte(fichier.content) == emis.sha256


def test_sans_format_la_page_dit_quoi_faire_et_n_ecrit_rien(
    demarche: Demarche, redacteur: Agent, connecte: Connecter
) -> None:
    reponse = connecte(redacteur).post(
        reverse("diagnostics:documents", args=[demarche.slug]), {"formats": "exe"}
    )
    assert reponse.status_code == 422
    assert "Choisissez au moins un format" in reponse.content.decode()
    assert not DocumentEmis.objects.exists()


def test_un_lecteur_telecharge_mais_ne_produit_pas(demarche: Demarche, connecte: Connecter) -> None:
    lecteur = fabrique.agent("elu_autorite", demarche)
    (emis,) = produire(demarche, ["pdf"], le=LE_JOUR, par=None)
    client = connecte(lecteur)
    assert (
        client.post(reverse("diagnostics:documents", args=[demarche.slug]), {"formats": "pdf"}).status_code
        == 403
    )
    assert client.get(reverse("diagnostics:document", args=[demarche.slug, emis.pk])).status_code == 200


def test_un_document_d_ailleurs_n_existe_pas(
    demarche: Demarche, redacteur: Agent, connecte: Connecter
) -> None:
    (emis,) = produire(demarche, ["pdf"], le=LE_JOUR, par=None)
    DocumentEmis.objects.update(demarche_id=demarche.pk + 1)
    assert (
        connecte(redacteur).get(reverse("diagnostics:document", args=[demarche.slug, emis.pk])).status_code
        == 404
    )


def test_sans_observatoire_le_refus_dit_quoi_charger(
    demarche: Demarche, tmp_path: Path, settings: object
) -> None:
    settings.ARPENT_DONNEES = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(EditionRefusee, match="arpent"):
        preparer(demarche, ["pdf"], LE_JOUR)


def test_la_page_tient_en_peu_de_requetes(
    demarche: Demarche,
    redacteur: Agent,
    connecte: Connecter,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client, url = connecte(redacteur), reverse("diagnostics:documents", args=[demarche.slug])
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        assert client.get(url).status_code == 200
