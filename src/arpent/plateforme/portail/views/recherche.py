"""The global search: a page, and the same list alone as one types."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent

from ..recherche.ensemble import chercher_tout

EN_TAPANT = 3
"""Results of each kind in the list that follows the typing."""


@page("connecte")
def recherche(request: HttpRequest) -> HttpResponse:
    """Everything in the perimeter that holds the words, by kind. Fifteen queries at most, layout included;
    twice that when typing errors are mended.
    """
    resultats = chercher_tout(cast(Agent, request.user), request.GET.get("q", ""))
    return render(request, "portail/recherche.html", {"r": resultats, "q": resultats.texte})


@page("connecte")
def suggestions(request: HttpRequest) -> HttpResponse:
    """The first results of each kind, without a page around them."""
    resultats = chercher_tout(cast(Agent, request.user), request.GET.get("q", ""), limite=EN_TAPANT)
    return render(request, "portail/_suggestions.html", {"r": resultats})
