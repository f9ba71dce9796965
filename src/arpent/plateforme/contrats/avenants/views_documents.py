"""The papers of the meeting of each party that approves an avenant."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import telecharger
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.plans.assemblees import delibere

from .. import adresses
from ..exigences import ContratRefuse
from ..lecture_votes import VotePartie, lire_votes
from ..models import Avenant
from .acces import VOIR, avenant_ou_404
from .seances import FICHIERS


def _lu(avenant: Avenant, partie: int, le: date) -> VotePartie:
    lus = lire_votes(avenant.concernees.filter(pk=partie), le, avenant=avenant)
    if not lus or not delibere(lus[0].partie.organisation):
        raise Http404("Cette partie n’a pas à voter cet avenant.")
    return lus[0]


@page_demarche(VOIR)
def seance(request: RequeteAgent, demarche: Demarche, pk: int, id: int, fichier: str) -> HttpResponse:
    """One paper of the meeting of a party, from the version of the avenant that it votes; kept nowhere."""
    fabriquer = FICHIERS.get(fichier)
    if fabriquer is None:
        raise Http404(f"Les documents de la séance sont : {', '.join(FICHIERS)}.")
    avenant, le = avenant_ou_404(demarche, pk), date.today()
    lu = _lu(avenant, id, le)
    try:
        contenu = fabriquer(lu, avenant, le)
    except (ContratRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return redirect(adresses.page(demarche, avenant, "votes"))
    nom, _, format = fichier.rpartition(".")
    return telecharger(contenu, f"{nom}-avenant-{avenant.numero}-{demarche.slug}-{lu.partie.ordre}.{format}")
