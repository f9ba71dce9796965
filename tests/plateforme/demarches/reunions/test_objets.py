"""The decisions of a meeting, read where their object is read; and the link from the meeting to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import ArticleRedige, Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import objets
from arpent.plateforme.demarches.reunions.models import PointOrdreDuJour, Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.diagnostics.models import Enjeu
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


def decision(reunion: Reunion, genre: str, pk: int, **champs: Any) -> Decision:
    numero = reunion.decisions.count() + 1
    return Decision.objects.create(
        reunion=reunion, numero=numero, texte=f"Décision sur {genre}", objet_genre=genre, objet_id=pk,
        objet_libelle="L’objet", responsable_nom="Mairie de Florac", echeance=date(2026, 2, 1), **champs,
    )  # fmt: skip


@pytest.fixture
def contrat(demarche: Demarche) -> Contrat:
    return Contrat.objects.create(demarche=demarche)


def _pages(demarche: Demarche, contrat: Contrat) -> dict[str, tuple[int, str]]:
    """For each kind: the number of an object and the page where it is read."""
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Garder les médecins", priorite=1)
    article = ArticleRedige.objects.create(
        contrat=contrat, code="propre", titre="Clause propre", texte="x", ajoute=True
    )
    etape = demarche.etapes.get(code="copil")
    slug = demarche.slug
    return {
        "enjeu": (enjeu.pk, reverse("diagnostics:constats", args=[slug])),
        "article": (article.pk, reverse("contrats:article", args=[slug, "propre"])),
        "contrat": (contrat.pk, reverse("contrats:contrat", args=[slug])),
        "etape": (etape.pk, reverse("demarches:etape", args=[slug, "copil"])),
    }


@pytest.mark.parametrize("genre", ["enjeu", "article", "contrat", "etape"])
def test_la_page_de_l_objet_montre_ses_decisions_et_la_reunion_y_mene(
    client_cheffe: Client, reunion: Reunion, demarche: Demarche, contrat: Contrat, genre: str
):
    pk, page = _pages(demarche, contrat)[genre]
    prise = decision(reunion, genre, pk)
    PointOrdreDuJour.objects.create(
        reunion=reunion, ordre=90, titre="Le point", objet_genre=genre, objet_id=pk, objet_libelle="L’objet"
    )
    html = client_cheffe.get(page).content.decode()
    fragment = reverse("reunions:decisions_objet", args=[demarche.slug, genre, pk])
    if genre == "enjeu":
        html = html.split('id="enjeux"')[1]
    else:
        assert fragment in html
        html = client_cheffe.get(fragment, headers={"HX-Request": "true"}).content.decode()
    for dit in (prise.texte, "Mairie de Florac", "1er février 2026", "À faire", "en retard"):
        assert dit in html.replace("\N{NO-BREAK SPACE}", " ")
    points = client_cheffe.get(reverse("reunions:points", args=[demarche.slug, reunion.pk]))
    assert f'href="{page}' in points.content.decode()


def test_chaque_genre_que_l_ordre_du_jour_propose_a_sa_page_dans_ces_tests():
    """A kind declared by a new room gets its decisions on its page, and its line here or in its own tests."""
    assert {code for code, _ in objets.genres()} == {
        "article", "avenant", "contrat", "enjeu", "etape", "fiche", "scenario",
    }  # fmt: skip


def test_les_adresses_d_un_ordre_du_jour_ne_coutent_pas_une_requete_par_point(
    demarche: Demarche, contrat: Contrat, django_assert_num_queries: Any
):
    pages = _pages(demarche, contrat)
    ici = Demarche.objects.get(pk=demarche.pk)
    with django_assert_num_queries(3):  # the steps; the contract and its articles
        for _ in range(3):
            assert [objets.adresse(ici, g, pk).split("#")[0] for g, (pk, _) in pages.items()] == [
                page for _, page in pages.values()
            ]


def test_un_objet_qui_n_est_plus_mene_a_la_liste(demarche: Demarche, contrat: Contrat):
    assert objets.adresse(demarche, "etape", 0) == f"{demarche.get_absolute_url()}#etapes"
    redaction = reverse("contrats:redaction", args=[demarche.slug])
    assert objets.adresse(demarche, "article", 0) == redaction
    sans = fabrique.demarche(fabrique.territoire(nom="Ailleurs"))
    assert objets.adresse(sans, "article", 1) == reverse("contrats:redaction", args=[sans.slug])


def test_les_enjeux_se_lisent_en_autant_de_requetes_quel_que_soit_le_nombre_de_decisions(
    client_cheffe: Client, reunion: Reunion, demarche: Demarche, django_assert_max_num_queries: Any
):
    url = reverse("diagnostics:constats", args=[demarche.slug])
    for rang in range(1, 6):
        enjeu = Enjeu.objects.create(demarche=demarche, libelle=f"Enjeu {rang}", priorite=rang)
        decision(reunion, "enjeu", enjeu.pk)
        decision(reunion, "enjeu", enjeu.pk)
    client_cheffe.get(url)
    with django_assert_max_num_queries(14):
        assert client_cheffe.get(url).content.decode().count("2 décisions de réunion") == 5


def test_modifier_un_enjeu_montre_les_decisions_a_son_sujet(client_cheffe: Client, demarche: Demarche):
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Garder les médecins", priorite=1)
    page = client_cheffe.get(reverse("diagnostics:enjeu_modifier", args=[demarche.slug, enjeu.pk]))
    assert (
        reverse("reunions:decisions_objet", args=[demarche.slug, "enjeu", enjeu.pk]) in page.content.decode()
    )
    nouveau = client_cheffe.get(reverse("diagnostics:enjeu_creer", args=[demarche.slug]))
    assert "Décisions de réunion" not in nouveau.content.decode()
