"""The doors of the reserve: a request in its territory, and the pages of the authority."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from arpent.plateforme.acteurs.acces import Vue, connexion_requise
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif

from ..models import DemandeReserve
from .droits import VOIR

RAISON = (
    "Cette page montre les demandes de tous les territoires : elle est ouverte à l’autorité qui tient la "
    "réserve. Celles de votre territoire sont dans son contrat."
)


def page_reserve(droit: str, *methodes: str) -> Callable[[Vue], Vue]:
    """Turns `slug` into a dispositif of an authority for which this agent has `droit`, else 403 or 404."""

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        @require_http_methods(list(methodes or ("GET", "HEAD")))
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            if refused := connexion_requise(request):
                return refused
            agent = cast(Agent, request.user)
            if not (avis := peut(agent, droit)):
                raise PermissionDenied(RAISON if peut(agent, VOIR) else avis.raison)
            dispositif = get_object_or_404(Dispositif.objects.select_related("autorite"), slug=slug)
            if not peut(agent, droit, autorite_id=dispositif.autorite_id):
                raise Http404("Ce dispositif est celui d’une autre autorité.")
            return view(request, dispositif, **kwargs)

        guarded.droit = droit  # type: ignore[attr-defined]
        return guarded

    return decorate


def demande_de(agent: Agent, demarche: Demarche, numero: int) -> DemandeReserve:
    """That request of the démarche, if this agent may see it, else 404. One query."""
    visibles = DemandeReserve.objects.visibles_par(agent).avec_contexte()
    trouvee = visibles.filter(demarche=demarche, numero=numero).first()
    if trouvee is None:
        raise Http404("Cette demande n’existe pas, ou n’est pas dans votre périmètre.")
    return trouvee
