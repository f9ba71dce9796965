"""The realisation page, read only, and the acts of award that it offers to those who run the grant files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.plans.models import Fiche

from .actes import FICHIERS, FORMATS, GENRES, acte_doc, archive, charte_du, rendre, word_du
from .attribution import contrat_en_vigueur, lire_cadre, lire_octrois
from .lecture import realisation_de

ATTRIBUER = "attribution.preparer"


@page_demarche("realisation.voir")
def realisation(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contexte: dict[str, Any] = {"demarche": demarche, "r": realisation_de(demarche, date.today())}
    if contexte["r"].en_vigueur and peut_sur(request.user, ATTRIBUER, demarche):
        contexte |= _attribution(demarche)
    return render(request, "subventions/realisation.html", contexte)


def _attribution(demarche: Demarche) -> dict[str, Any]:
    """What the list of the acts shows. Eight queries, whatever the number of projects."""
    try:
        octrois = lire_octrois(contrat_en_vigueur(demarche), date.today())
    except ContratRefuse as refus:
        return {"refus_actes": str(refus)}
    genres = [
        (code, nom, pluriel, [f"{code}.{f}" for f in FORMATS]) for code, (_, nom, pluriel) in GENRES.items()
    ]
    return {"octrois": octrois, "genres": genres}


def _refuser(request: RequeteAgent, demarche: Demarche, refus: Exception) -> HttpResponse:
    messages.error(request, str(refus))
    return redirect(reverse("subventions:realisation", args=[demarche.slug]))


@page_demarche(ATTRIBUER)
def acte(request: RequeteAgent, demarche: Demarche, pk: int, fichier: str) -> HttpResponse:
    """One act of one project, drawn now, kept nowhere."""
    if fichier not in FICHIERS:
        raise Http404(f"Les actes d’attribution sont : {', '.join(FICHIERS)}.")
    fiche = get_object_or_404(Fiche, pk=pk, demarche=demarche)
    genre, _, format = fichier.rpartition(".")
    try:
        contrat = contrat_en_vigueur(demarche)
        octroi = next((o for o in lire_octrois(contrat, date.today()) if o.fiche == fiche), None)
        if octroi is None:
            raise ContratRefuse(
                f"Le projet {fiche.numero} n’a pas d’aide au contrat en vigueur : un avenant l’y inscrit."
            )
        cadre = lire_cadre(contrat, date.today())
        doc = acte_doc(cadre, octroi, GENRES[genre][0], date.today(), charte_du(cadre))
        contenu = rendre(doc, format, word_du(cadre, GENRES[genre][0]))
    except (ContratRefuse, RenduImpossible) as refus:
        return _refuser(request, demarche, refus)
    return telecharger(contenu, f"{genre}-{demarche.slug}-{fiche.numero}.{format}")


@page_demarche(ATTRIBUER)
def actes(request: RequeteAgent, demarche: Demarche, genre: str) -> HttpResponse:
    """The letters, the arrêtés or the conventions of the whole territory in one zip, kept nowhere."""
    if genre not in GENRES:
        raise Http404(f"Les actes d’attribution sont : {', '.join(GENRES)}.")
    try:
        contrat = contrat_en_vigueur(demarche)
        octrois = lire_octrois(contrat, date.today())
        contenu = archive(lire_cadre(contrat, date.today()), octrois, [genre], date.today())
    except (ContratRefuse, RenduImpossible) as refus:
        return _refuser(request, demarche, refus)
    return telecharger(contenu, f"{genre}-{demarche.slug}.zip")
