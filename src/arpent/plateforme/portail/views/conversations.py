"""Mes conversations."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent

from ..conversations import mes_conversations


@page("connecte")
def conversations(request: HttpRequest) -> HttpResponse:
    """The threads where I wrote or am mentioned, unanswered mentions first."""
    lues = mes_conversations(cast(Agent, request.user), request.GET.get("page"))
    contexte = {
        "feuille": lues.feuille,
        "discussions": lues.discussions,
        "attendent": sum(d.attend for d in lues.discussions),
    }
    return render(request, "portail/conversations.html", contexte)
