"""The lists of meetings: what they show, to whom, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import Reunion
from tests.plateforme import fabrique

from .conftest import preparer

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
DES_PAGES = 6
"""Queries of every page: session, agent, habilitations, démarche, places, news."""


def titres(reponse: Any) -> list[str]:
    return [r.titre for r, _ in reponse.context["lignes"]]


def test_la_liste_se_filtre_par_etat_date_et_mot(client_cheffe: Client, demarche: Demarche):
    preparer(demarche, titre="Ancienne", jour="2020-01-01")
    preparer(demarche, titre="Future", jour="2199-01-01")
    Reunion.objects.filter(titre="Ancienne").update(etat="annulee")
    url = reverse("reunions:liste", args=[demarche.slug])
    assert titres(client_cheffe.get(url)) == ["Future", "Ancienne"]
    assert titres(client_cheffe.get(url, {"quand": "passees"})) == ["Ancienne"]
    assert titres(client_cheffe.get(url, {"etat": "preparee"})) == ["Future"]
    assert titres(client_cheffe.get(url, {"q": "ancien"})) == ["Ancienne"]
    assert titres(client_cheffe.get(url, {"q": "rien", "etat": "x", "page": "99"})) == []


@pytest.mark.parametrize("nom", ["liste", "toutes"])
def test_le_cout_ne_depend_pas_du_nombre_de_reunions(
    client_cheffe: Client,
    demarche: Demarche,
    reunion: Reunion,
    nom: str,
    django_assert_max_num_queries: Callable[..., Any],
):
    url = reverse(f"reunions:{nom}", args=[demarche.slug] if nom == "liste" else [])
    for _ in range(2):
        with django_assert_max_num_queries(DES_PAGES + 8):
            client_cheffe.get(url)
        for n in range(8):
            preparer(demarche, titre=f"Autre {n}")


@pytest.mark.parametrize("nom", ["reunion", "participants", "points", "seance", "compte_rendu"])
def test_le_cout_d_une_page_ne_depend_pas_du_nombre_de_convies(
    client_cheffe: Client, reunion: Reunion, nom: str
):
    url = reverse(f"reunions:{nom}", args=[reunion.demarche.slug, reunion.pk])
    with CaptureQueriesContext(connection) as avant:
        client_cheffe.get(url)
    for n in range(30):
        reunion.membres.create(groupe="maires", nom=f"Maire {n}", origine="invite")
        reunion.decisions.create(numero=n + 1, texte="x")
    with CaptureQueriesContext(connection) as apres:
        client_cheffe.get(url)
    assert len(apres) <= len(avant)


def test_une_etape_de_reunion_mene_a_sa_preparation(client_cheffe: Client, demarche: Demarche):
    etape = demarche.etapes.get(code="copil")
    etape.reunion = "copil"
    etape.save()
    url = f"{reverse('reunions:creer', args=[demarche.slug])}?etape={etape.pk}"
    page = client_cheffe.get(reverse("demarches:etape", args=[demarche.slug, "copil"])).content.decode()
    assert url in page
    form = client_cheffe.get(url).context["form"]
    assert (form["genre"].value(), form["etape"].value()) == ("copil_lancement", etape.pk)


def test_la_recherche_trouve_une_reunion_et_ses_decisions_dans_son_perimetre(
    client_cheffe: Client, connecte: Connecte, reunion: Reunion
):
    reunion.decisions.create(numero=1, texte="Rénover la concertation")
    url = reverse("portail:recherche")
    page = client_cheffe.get(url, {"q": "concertation"}).content.decode()
    assert reverse("reunions:reunion", args=[reunion.demarche.slug, reunion.pk]) in page
    assert "Rénover la concertation" in page
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert "Concertation de mars" not in ailleurs.get(url, {"q": "concertation"}).content.decode()


def test_on_ne_voit_que_les_reunions_de_son_perimetre(
    connecte: Connecte, demarche: Demarche, reunion: Reunion
):
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert titres(ailleurs.get(reverse("reunions:toutes"))) == []
    assert ailleurs.get(reverse("reunions:liste", args=[demarche.slug])).status_code == 404
