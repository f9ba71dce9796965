"""The doors of the pages that belong to no démarche."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from arpent.plateforme.acteurs.acces import page, publique
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
