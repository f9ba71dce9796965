"""The draft délibération of each party that approves an avenant."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_approbation_avenant_pdf
from arpent.plateforme.plans.assemblees import delibere

from .. import adresses
from ..exigences import ContratRefuse
from ..lecture_votes import lire_votes
from .acces import VOIR, avenant_ou_404
from .projets_deliberation import approbation_avenant_doc

FORMATS = ("pdf", "docx")


@page_demarche(VOIR)
def projet(request: RequeteAgent, demarche: Demarche, pk: int, id: int, format: str) -> HttpResponse:
    """The draft délibération of a party, to be reworked (docx) or read (pdf); it lists what is missing."""
    if format not in FORMATS:
        raise Http404("Ce document existe en PDF et en Word.")
    avenant, le = avenant_ou_404(demarche, pk), date.today()
    lus = lire_votes(avenant.concernees.filter(pk=id), le, avenant=avenant)
    if not lus or not delibere(lus[0].partie.organisation):
        raise Http404("Cette partie n’a pas à voter cet avenant.")
    try:
        doc = approbation_avenant_doc(lus[0], avenant, le)
        if format == "docx":
            contenu = gabarit_word(demarche.autorite.pk, "approbation_avenant").rendre(doc)
        else:
            contenu = rendre_approbation_avenant_pdf(doc)
    except (ContratRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return redirect(adresses.page(demarche, avenant, "votes"))
    nom = f"projet-deliberation-avenant-{avenant.numero}-{demarche.slug}-{lus[0].partie.ordre}.{format}"
    return telecharger(contenu, nom)
