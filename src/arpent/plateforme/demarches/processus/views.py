"""The process of a dispositif as anyone who takes part may read it, and its files."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from arpent.metier.processus import lire_definition
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent

from ..models import BrouillonProcessus, Processus, VersionProcessus
from . import presentation
from .fichiers import ecrire_yaml
from .redaction import changements


def _version(slug: str, numero: int | None) -> tuple[Processus, list[VersionProcessus], VersionProcessus]:
    """The process, its versions (the last first), the one asked for. Two queries."""
    processus = get_object_or_404(Processus.objects.select_related("autorite", "dispositif"), slug=slug)
    versions = list(processus.versions.order_by("-numero"))
    for v in versions:
        v.processus = processus
    trouvee = next((v for v in versions if numero in {None, v.numero}), None)
    if trouvee is None:
        raise Http404("Cette version du processus n’existe pas.")
    return processus, versions, trouvee


@page("dispositif.voir")
def processus(request: HttpRequest, slug: str, numero: int | None = None) -> HttpResponse:
    """Steps, meetings, calendar, diagram, versions. Six queries; seven for those who write it."""
    objet, versions, version = _version(slug, numero)
    agent = cast(Agent, request.user)
    definition = lire_definition(version.definition)
    redige = bool(peut(agent, "processus.rediger", autorite_id=objet.autorite_id))
    prevues = presentation.calendrier(definition, date.today())
    utiles = presentation.jusqu_a_la_signature(prevues)
    precedente = next((v for v in versions if v.numero < version.numero), None)
    contexte = {
        "processus": objet,
        "dispositif": getattr(objet, "dispositif", None),
        "version": version,
        "versions": versions,
        "derniere": versions[0],
        "definition": definition,
        "phases": presentation.lire_phases(definition),
        "reunions": presentation.lire_reunions(definition),
        "figure_schema": presentation.figure_schema(objet.nom, definition),
        "figure_calendrier": presentation.figure_calendrier(
            "Une démarche ouverte aujourd’hui, jusqu’à la signature", utiles
        ),
        "precedente": precedente,
        "ecarts": changements(precedente.definition, version.definition) if precedente else (),
        "peut_rediger": redige,
        "peut_lancer": bool(peut(agent, "demarche.conduire", autorite_id=objet.autorite_id)),
        "peut_piloter": bool(peut(agent, "pilotage.voir", autorite_id=objet.autorite_id)),
        "brouillons": list(BrouillonProcessus.objects.filter(processus=objet)) if redige else [],
    }
    return render(request, "demarches/processus.html", contexte)


@page("dispositif.voir")
def export(request: HttpRequest, slug: str, numero: int) -> HttpResponse:
    """That version as YAML."""
    objet, _, version = _version(slug, numero)
    response = HttpResponse(ecrire_yaml(version), content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="processus-{objet.slug}-v{version.numero}.yaml"'
    )
    return response
