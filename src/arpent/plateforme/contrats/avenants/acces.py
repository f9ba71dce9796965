"""Finding the contract and the avenants of a démarche; elsewhere they do not exist (404)."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from arpent.plateforme.demarches.models import Demarche

from ..assemblage import trouver_contrat
from ..models import Avenant, Contrat

VOIR, PREPARER = "contrat.voir", "avenant.preparer"


def contrat_ou_404(demarche: Demarche) -> Contrat:
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    contrat.demarche = demarche
    return contrat


def avenant_ou_404(demarche: Demarche, pk: int) -> Avenant:
    """An avenant of that démarche, its contract and démarche read."""
    avenant = get_object_or_404(Avenant.objects.select_related("contrat"), pk=pk, contrat__demarche=demarche)
    avenant.contrat.demarche = demarche
    return avenant
