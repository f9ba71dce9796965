"""The door of the pages of a démarche."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@page_demarche("maquette.arbitrer", "GET", "POST")
def _vue(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    assert request.demarche == demarche  # type: ignore[attr-defined]
    return HttpResponse(demarche.slug)


def _entrer(qui: object, demarche: Demarche, methode: str = "GET") -> HttpResponse:
    request = RequestFactory().generic(methode, "/territoires/ici/negociation/")
    request.user = qui  # type: ignore[assignment]
    return _vue(request, slug=demarche.slug)


def test_la_porte_s_ouvre_a_qui_a_le_droit_sur_cette_demarche() -> None:
    demarche = fabrique.demarche()
    reponse = _entrer(fabrique.agent("chef_de_projet", demarche), demarche, "POST")
    assert reponse.content.decode() == demarche.slug


def test_dans_son_perimetre_un_refus_dit_pourquoi() -> None:
    demarche = fabrique.demarche()
    with pytest.raises(PermissionDenied, match="Votre rôle ne permet pas ce geste"):
        _entrer(fabrique.agent("president_epci", demarche), demarche)


def test_hors_de_son_perimetre_la_demarche_n_existe_pas() -> None:
    demarche, autre = fabrique.demarche(), fabrique.demarche()
    with pytest.raises(Http404):
        _entrer(fabrique.agent("chef_de_projet", autre), demarche)


def test_sans_connexion_on_est_conduit_a_la_connexion() -> None:
    reponse = _entrer(AnonymousUser(), fabrique.demarche())
    assert (reponse.status_code, reponse.headers["Location"]) == (
        302,
        "/connexion/?next=/territoires/ici/negociation/",
    )


def test_une_methode_que_la_page_n_attend_pas_est_refusee() -> None:
    demarche = fabrique.demarche()
    assert _entrer(fabrique.agent("chef_de_projet", demarche), demarche, "DELETE").status_code == 405
