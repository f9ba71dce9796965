"""« Vos interlocuteurs »: who to call for a territory and a theme; screen, paper, address book."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.perimetre import mandats_visibles
from arpent.plateforme.documents.rendu.pdf_interlocuteurs import rendre_interlocuteurs_pdf

from ..gens.cartes import MIME, carte, cartes
from ..gens.interlocuteurs import Annuaire, Interlocuteur
from ..gens.interlocuteurs import interlocuteurs as chercher
from ..sorties_gens import interlocuteurs_doc


def _lire(request: HttpRequest, demarche: Demarche) -> Annuaire:
    return chercher(demarche, request.GET.get("theme", "")[:50], date.today())


def _nom_de_fichier(demarche: Demarche, annuaire: Annuaire, extension: str) -> str:
    theme = f"-{annuaire.theme}" if annuaire.theme else ""
    return f"interlocuteurs-{demarche.slug}{theme}.{extension}"


@page_demarche("territoire.voir")
def interlocuteurs(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Ten queries with those of every page, whatever the number of people."""
    annuaire = _lire(request, demarche)
    contexte = {"demarche": demarche, "annuaire": annuaire, "nombre": len(annuaire.tous)}
    contexte["voit_annuaire"] = bool(peut(cast(Agent, request.user), "annuaire.voir"))
    return render(request, "portail/gens/interlocuteurs.html", contexte)


@page_demarche("territoire.voir")
def interlocuteurs_pdf(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    annuaire = _lire(request, demarche)
    doc = interlocuteurs_doc(demarche, annuaire, date.today(), demonstration=settings.ARPENT_DEMO)
    response = HttpResponse(rendre_interlocuteurs_pdf(doc), content_type="application/pdf")
    nom = _nom_de_fichier(demarche, annuaire, "pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{nom}"'
    return response


@page_demarche("territoire.voir")
def interlocuteurs_vcf(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """Every card of the list."""
    annuaire = _lire(request, demarche)
    return _en_carte(cartes(annuaire.tous), _nom_de_fichier(demarche, annuaire, "vcf"))


@page("annuaire.voir")
def personne_vcf(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of somebody, with the function held today. One query of its own."""
    rows = mandats_visibles(cast(Agent, request.user)).filter(personne=pk)
    mandat = rows.select_related("personne", "organisation").order_by("fin", "-debut", "pk").last()
    if mandat is None:
        raise Http404("Cette personne n’existe pas, ou n’est pas dans votre périmètre.")
    qui, corps = mandat.personne, mandat.organisation
    en_cours = mandat.fin is None or mandat.fin >= date.today()
    une = Interlocuteur(
        "", qui.nom, qui.prenom, mandat.titre if en_cours else "", corps.nom if en_cours else "",
        qui.courriel or corps.courriel, qui.telephone or corps.telephone,
    )  # fmt: skip
    return _en_carte(carte(une).encode(), f"contact-{qui.pk}.vcf")


def _en_carte(contenu: bytes, nom: str) -> HttpResponse:
    response = HttpResponse(contenu, content_type=MIME)
    response.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return response
