"""The maquette as files: of the maquette in progress, or of a scenario one may read (`?scenario=3`)."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import MaquetteDoc
from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_ods, rendre_maquette_xlsx
from arpent.plateforme.documents.rendu.ods import MIME as ODS
from arpent.plateforme.documents.rendu.pdf import RenduImpossible, rendre_maquette_pdf
from arpent.plateforme.documents.rendu.vue_maquette import Papier

from .droits import VOIR
from .models import Scenario
from .scenarios import acces
from .sorties import maquette_du_jour, scenario_ou_vierge

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def document_demande(request: RequeteAgent, demarche: Demarche) -> tuple[MaquetteDoc, Scenario]:
    """The maquette in progress, or the scenario of the address. Http404 when it is not to be read."""
    code = request.GET.get("scenario", "")
    scenario = acces.trouver(request.user, demarche, code) if code else scenario_ou_vierge(demarche)
    if scenario is None:
        raise Http404("Ce scénario n’existe pas, ou l’autre partie ne l’a pas montré.")
    scenario.demarche = demarche
    return maquette_du_jour(scenario, date.today()), scenario


def _document(request: RequeteAgent, demarche: Demarche) -> MaquetteDoc:
    return document_demande(request, demarche)[0]


def _fichier(contenu: bytes, demarche: Demarche, extension: str, genre: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="maquette-{demarche.slug}.{extension}"'
    return reponse


@page_demarche(VOIR)
def maquette_xlsx(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The maquette with live formulas."""
    return _fichier(rendre_maquette_xlsx(_document(request, demarche)), demarche, "xlsx", XLSX)


@page_demarche(VOIR)
def maquette_ods(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    return _fichier(rendre_maquette_ods(_document(request, demarche)), demarche, "ods", ODS)


@page_demarche(VOIR)
def maquette_pdf(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """Landscape, A3, or A4 with `?papier=a4`."""
    papier: Papier = "a4" if request.GET.get("papier") == "a4" else "a3"
    try:
        contenu = rendre_maquette_pdf(_document(request, demarche), papier)
    except RenduImpossible as refus:
        messages.error(request, str(refus))
        return redirect("negociations:maquette", slug=demarche.slug)
    return _fichier(contenu, demarche, "pdf", "application/pdf")
