"""Fixtures of the platform tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.diagnostics.vulnerabilites import classe
from arpent.plateforme.echanges.donnees_ouvertes import jeux


@pytest.fixture
def connecte(db: None) -> Callable[[Agent], Client]:
    """A client logged in as that agent."""

    def build(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent, backend="arpent.plateforme.acteurs.moteur.MoteurAgents")
        return client

    return build


@pytest.fixture(autouse=True)
def _classes_oubliees() -> None:
    """What a process keeps for a minute does not pass from one test to the next."""
    classe.oublier()
    jeux.oublier()
