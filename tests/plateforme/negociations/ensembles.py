"""What the tests of the ensembles say in short."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import EnsembleScenarios, Scenario

from .conftest import Monde

Connecte = Callable[[Agent], Client]


def url(monde: Monde, nom: str = "ensembles", *args: object) -> str:
    return reverse(f"negociations:{nom}", args=[monde.dispositif.slug, *args])


def texte(reponse: HttpResponse) -> str:
    return reponse.content.decode()


def part(ensemble: EnsembleScenarios, demarche: Demarche) -> Scenario:
    return ensemble.scenarios.get(demarche=demarche)


def lignes(scenario: Scenario) -> dict[int, tuple[Decimal, int | None]]:
    return {p.fiche.numero: (p.montant, p.annee) for p in scenario.propositions.select_related("fiche")}
