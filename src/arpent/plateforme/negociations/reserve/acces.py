"""The doors of the reserve: a request in its territory, and the pages of the authority."""

from __future__ import annotations

from django.http import Http404

from arpent.metier.cycles.reserve import DECIDER
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from ..acces import page_du_dispositif
from ..models import DemandeReserve
from .droits import LIRE_TOUT

RAISON = (
    "Cette page montre les demandes de tous les territoires : elle est ouverte à l’autorité qui tient la "
    "réserve. Celles de votre territoire sont dans son contrat."
)

page_reserve = page_du_dispositif(LIRE_TOUT, RAISON)
page_liberation = page_du_dispositif(
    DECIDER, "Libérer la réserve revient à l’autorité.", "GET", "HEAD", "POST"
)


def demande_de(agent: Agent, demarche: Demarche, numero: int) -> DemandeReserve:
    """That request of the démarche, if this agent may see it, else 404. One query."""
    visibles = DemandeReserve.objects.visibles_par(agent).avec_contexte()
    trouvee = visibles.filter(demarche=demarche, numero=numero).first()
    if trouvee is None:
        raise Http404("Cette demande n’existe pas, ou n’est pas dans votre périmètre.")
    return trouvee
