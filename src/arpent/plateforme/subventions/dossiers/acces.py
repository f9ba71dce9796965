"""The doors of a file and of a report: outside one's perimeter they do not exist."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from arpent.metier.cycles.dossier import DECIDER
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from ..models import DemandePiece, Dossier, PieceDossier, RapportCommission


def dossier_de(request: HttpRequest, demarche: Demarche, annee: int, numero: int) -> Dossier:
    """That file of the démarche, if this agent may see it, else 404. One query."""
    agent = request.user
    assert isinstance(agent, Agent)
    visibles = Dossier.objects.visibles_par(agent).avec_contexte()
    trouve = visibles.filter(demarche=demarche, annee=annee, numero=numero).first()
    if trouve is None:
        raise Http404("Ce dossier n’existe pas, ou n’est pas dans votre périmètre.")
    return trouve


def piece_de(dossier: Dossier, pk: int) -> PieceDossier:
    """404 when it is not of that file, or was withdrawn."""
    piece = dossier.pieces.exclude(etat=PieceDossier.Etat.RETIREE).filter(pk=pk).first()
    if piece is None:
        raise Http404("Cette pièce n’est plus dans le dossier.")
    piece.dossier = dossier
    return piece


def demande_de(dossier: Dossier, pk: int) -> DemandePiece:
    demande = dossier.demandes.filter(pk=pk).first()
    if demande is None:
        raise Http404("Cette demande n’est pas dans le dossier.")
    demande.dossier = dossier
    return demande


def rapport_de(agent: Agent, pk: int) -> RapportCommission:
    """That report, if the agent decides for its authority, else 404. One query."""
    rapports = RapportCommission.objects.visibles_par(agent, DECIDER).select_related("autorite")
    trouve = rapports.filter(pk=pk).first()
    if trouve is None:
        raise Http404("Ce rapport n’existe pas, ou n’est pas dans votre périmètre.")
    return trouve


def exiger(avis: Avis) -> None:
    if not avis:
        raise PermissionDenied(avis.raison)
