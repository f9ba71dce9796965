"""The papers of the meeting that votes the contract, for each party: to be read (PDF) or reworked (Word)."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.plans.assemblees import delibere

from .exigences import ContratRefuse
from .lecture_votes import lire_votes
from .models import Partie
from .seances import FICHIERS

VOIR = "contrat.voir"


@page_demarche(VOIR)
def seance(request: RequeteAgent, demarche: Demarche, pk: int, fichier: str) -> HttpResponse:
    """One paper of the meeting of a party, from the version it votes; kept nowhere."""
    piece = FICHIERS.get(fichier)
    if piece is None:
        raise Http404(f"Les documents de la séance sont : {', '.join(FICHIERS)}.")
    partie = get_object_or_404(
        Partie.objects.select_related("organisation"), pk=pk, contrat__demarche=demarche
    )
    if not delibere(partie.organisation):
        raise Http404("Cette partie signe sans délibération.")
    (lu,) = lire_votes(Partie.objects.filter(pk=pk).select_related("contrat"), date.today())
    try:
        contenu = piece(lu, demarche, date.today())
    except (ContratRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return redirect(reverse("contrats:contrat", args=[demarche.slug]) + "#votes")
    nom, _, format = fichier.rpartition(".")
    return telecharger(contenu, f"{nom}-{demarche.slug}-{partie.ordre}.{format}")
