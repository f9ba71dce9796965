"""Load and delays of the structures, on the page and in a file."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from arpent.metier.cycles.appui import REPONDRE
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.models import Agent, GenreAppui, StructureAppui

from ..charge import Filtre, Tableau, compter, lire_lignes
from ..export import rendre
from .liste import choix

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _jour(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def _lire(request: HttpRequest) -> tuple[Filtre, Tableau]:
    """What the address asks for. Two queries."""
    q, structure = request.GET, request.GET.get("structure", "")
    genre = q.get("genre", "")
    filtre = Filtre(
        _jour(q.get("du", "")),
        _jour(q.get("au", "")),
        genre if genre in GenreAppui.values else "",
        int(structure) if structure.isdecimal() and len(structure) < 10 else None,
    )
    lignes, minutes = lire_lignes(cast(Agent, request.user), filtre)
    return filtre, compter(lignes, minutes, timezone.localdate())


@page(REPONDRE)
def page_charge(request: HttpRequest) -> HttpResponse:
    """Three queries of its own, whatever the number of requests."""
    filtre, tableau = _lire(request)
    agent = cast(Agent, request.user)
    autorites = {h.autorite_id for h in agent.habilitations_en_cours}
    structures = StructureAppui.objects.order_by("nom", "pk")
    if not any(h.definition.portee.value == "tout" for h in agent.habilitations_en_cours):
        structures = structures.filter(autorite__in=[pk for pk in autorites if pk])
    groupes: list[tuple[str, str, str, Any]] = [
        ("structures", "Par structure", "Structure", tableau.par_structure),
        ("genres", "Par nature", "Nature", tableau.par_genre),
        ("mois", "Par mois", "Mois de la demande", tableau.par_mois),
    ]
    contexte = {
        "tableau": tableau,
        "groupes": groupes,
        "filtre": filtre,
        "question": request.GET.urlencode(),
        "filtree": filtre != Filtre(),
        "genres": choix([(c, str(m)) for c, m in GenreAppui.choices], filtre.genre),
        "structures": choix([(str(s.pk), s.nom) for s in structures], str(filtre.structure or "")),
    }
    return render(request, "appui/charge.html", contexte)


@page(REPONDRE)
def charge_xlsx(request: HttpRequest) -> HttpResponse:
    """The same figures, for the same question."""
    filtre, tableau = _lire(request)
    contenu = rendre(tableau, filtre, timezone.localdate(), cast(Agent, request.user).nom_complet)
    reponse = HttpResponse(contenu, content_type=MIME)
    reponse.headers["Content-Disposition"] = 'attachment; filename="appui-charge.xlsx"'
    return reponse
