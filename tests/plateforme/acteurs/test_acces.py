"""The doors of the pages that belong to no démarche."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from arpent.plateforme.acteurs.acces import Vue, page, page_de_son_brouillon, page_par_slug, publique
from arpent.plateforme.demarches.models import BrouillonProcessus, Processus
from arpent.plateforme.demarches.processus import redaction
from tests.plateforme import fabrique
from tests.plateforme.personnes import personne


def _vue(request: HttpRequest) -> HttpResponse:
    return HttpResponse("entrez")


def _demande(qui: object, methode: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(methode, "/chemin/?page=2")
    request.user = qui  # type: ignore[assignment]
    return request


def test_une_page_publique_s_ouvre_a_tous_mais_ne_recoit_rien() -> None:
    vue = publique()(_vue)
    assert vue(_demande(AnonymousUser())).status_code == 200
    assert vue(_demande(AnonymousUser(), "POST")).status_code == 405
    assert vue.droit == "public"  # type: ignore[attr-defined]


def test_sans_connexion_on_est_conduit_a_la_connexion_puis_ramene() -> None:
    reponse = page("connecte")(_vue)(_demande(AnonymousUser()))
    assert reponse.status_code == 302
    assert reponse.headers["Location"] == "/connexion/?next=/chemin/%3Fpage%3D2"


def test_une_page_sans_droit_propre_s_ouvre_a_toute_personne_connectee() -> None:
    assert page("connecte")(_vue)(_demande(personne())).content == b"entrez"


def test_une_page_a_droit_refuse_en_disant_pourquoi() -> None:
    vue = page("reglement.publier", "POST")(_vue)
    assert vue(_demande(personne("chef_de_projet"), "POST")).status_code == 200
    with pytest.raises(PermissionDenied, match="Il revient à : administrateur, chef de projet territorial"):
        vue(_demande(personne("maire"), "POST"))
    assert vue(_demande(personne("chef_de_projet"))).status_code == 405


def _porte(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    return page_par_slug(Processus, "Ce processus est ailleurs.", droit, *methodes)


@_porte("processus.rediger", "GET", "POST")
def _processus(request: HttpRequest, processus: Processus) -> HttpResponse:
    return HttpResponse(processus.slug)


@page_de_son_brouillon(_porte, BrouillonProcessus, "processus")("processus.rediger")
def _brouillon(request: HttpRequest, brouillon: BrouillonProcessus) -> HttpResponse:
    return HttpResponse(f"{brouillon.processus.slug} {brouillon.pk}")


@pytest.mark.django_db
def test_un_slug_s_ouvre_a_qui_a_le_droit_dans_son_autorite() -> None:
    demarche = fabrique.demarche()
    slug = demarche.processus.slug
    chef = fabrique.agent("chef_de_projet", demarche)
    assert _processus(_demande(chef, "POST"), slug=slug).content.decode() == slug  # type: ignore[attr-defined]
    assert _processus(_demande(chef, "PUT"), slug=slug).status_code == 405
    assert _processus(_demande(AnonymousUser()), slug=slug).status_code == 302
    with pytest.raises(PermissionDenied):
        _processus(_demande(personne("maire")), slug=slug)
    with pytest.raises(Http404):
        _processus(_demande(chef), slug="inconnu")
    with pytest.raises(Http404, match="ailleurs"):
        _processus(_demande(personne("chef_de_projet")), slug=slug)
    assert _processus.droit == "processus.rediger"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_un_brouillon_ne_s_ouvre_que_par_ce_dont_il_est_le_brouillon() -> None:
    demarche, autre = fabrique.demarche(), fabrique.demarche()
    chef = fabrique.agent("chef_de_projet", demarche)
    brouillon = redaction.ouvrir_brouillon(demarche.processus, par=chef)
    ouvert = _brouillon(_demande(chef), slug=demarche.processus.slug, pk=brouillon.pk)
    assert ouvert.content.decode() == f"{demarche.processus.slug} {brouillon.pk}"  # type: ignore[attr-defined]
    with pytest.raises(Http404):
        _brouillon(_demande(chef), slug=demarche.processus.slug, pk=brouillon.pk + 1)
    with pytest.raises(Http404):
        _brouillon(_demande(chef), slug=autre.processus.slug, pk=brouillon.pk)
