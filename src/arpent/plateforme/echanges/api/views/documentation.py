"""The schema of the API, and its documentation in French made from it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import publique

from ..reponses import repondre


@publique()
def openapi(request: HttpRequest) -> HttpResponse:
    """The schema. No query."""
    from ..schema import texte

    return repondre(request, texte())


@publique()
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, its answers and an example. No query of its own."""
    from ..documentation import rubriques

    return render(
        request,
        "echanges/api/documentation.html",
        {"rubriques": rubriques(), "racine": f"{settings.ARPENT_URL}/api/v1"},
    )
