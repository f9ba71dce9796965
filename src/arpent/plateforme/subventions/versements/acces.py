"""The door of the pages of an awarded file: outside one's perimeter it does not exist."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from arpent.metier.cycles import EtatVersement
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from ..models import DemandeVersement, Dossier
from .droits import peut_demander


def dossier_de(request: RequeteAgent, demarche: Demarche, annee: int, numero: int) -> Dossier:
    """That file of the démarche, if this agent may see it, else 404. One query."""
    visibles = Dossier.objects.visibles_par(request.user).avec_contexte()
    trouve = visibles.filter(demarche=demarche, annee=annee, numero=numero).first()
    if trouve is None:
        raise Http404("Ce dossier n’existe pas, ou n’est pas dans votre périmètre.")
    trouve.demarche = demarche
    return trouve


def demande_de(agent: Agent, dossier: Dossier, rang: int) -> DemandeVersement:
    """That request, else 404; a draft exists for its owner alone. One query, one for its withholdings."""
    trouvee = dossier.versements.filter(numero=rang).prefetch_related("retenues").first()
    if trouvee is None:
        raise Http404("Cette demande de versement n’existe pas.")
    trouvee.dossier = dossier
    if trouvee.etat == EtatVersement.BROUILLON and not peut_demander(agent, dossier):
        raise Http404("Cette demande de versement n’est pas encore déposée.")
    return trouvee


def contexte_de(request: RequeteAgent, dossier: Dossier) -> dict[str, Any]:
    """What every page of an awarded file shows."""
    request.place = "realisation"  # type: ignore[attr-defined]
    demarche = dossier.demarche
    return {"demarche": demarche, "dispositif": demarche.processus.dispositif, "dossier": dossier}
