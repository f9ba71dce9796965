"""Which table: the maquette in progress, or a scenario; who may type in it; where it sends what is typed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from ..actions import scenario_courant
from ..droits import ARBITRER, peut_arbitrer
from ..models import Scenario
from ..scenarios import acces
from ..sorties import scenario_ou_vierge


@dataclass(frozen=True, slots=True)
class Table:
    demarche: Demarche
    scenario: Scenario
    avis: Avis
    """Whether this agent may type in it."""
    peut_imputer: bool
    """Whether this agent may choose the fund that pays a line: the authority's choice."""

    def url(self, geste: str) -> str:
        """Where `enregistrer`, `lignes`, `suite` or the page itself (`tableau`) are."""
        slug, pk = self.demarche.slug, self.scenario.pk
        if self.scenario.est_courant:
            nom = "maquette" if geste == "tableau" else geste
            return reverse(f"negociations:{nom}", args=[slug])
        return reverse(f"negociations:scenario_{geste}", args=[slug, pk])


def en_cours(request: RequeteAgent, demarche: Demarche, *, ouvrir: bool = False) -> Table:
    """The maquette in progress; only `ouvrir` may create it."""
    scenario = scenario_courant(demarche, request.user) if ouvrir else scenario_ou_vierge(demarche)
    avis = peut_arbitrer(request.user, scenario, demarche)
    return Table(demarche, scenario, avis, _impute(request, demarche))


def _impute(request: RequeteAgent, demarche: Demarche) -> bool:
    return bool(peut_sur(request.user, ARBITRER, demarche))


def variante(request: RequeteAgent, demarche: Demarche, pk: int, *, ecrire: bool = False) -> Table:
    """A scenario that this agent may see (404), and may change when it comes to write (403, its reason)."""
    scenario = acces.visibles(request.user, demarche).filter(pk=pk).first()
    if scenario is None:
        raise Http404("Ce scénario n’existe pas, ou l’autre partie ne l’a pas montré.")
    avis = acces.peut_preparer(request.user, scenario, demarche)
    if ecrire and not avis:
        raise PermissionDenied(avis.raison)
    return Table(demarche, scenario, avis, _impute(request, demarche))
