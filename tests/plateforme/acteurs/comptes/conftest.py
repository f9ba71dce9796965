"""People and their browsers, for the tests of accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent

MOT_DE_PASSE = "mot-de-passe-solide"
CONNEXION = "/connexion/"


@pytest.fixture
def entre(db: None) -> Callable[..., Client]:
    """A browser that has logged in by the page, as that agent."""

    def build(agent: Agent, **options: str) -> Client:
        client = Client(**options)
        reponse = client.post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE})
        assert reponse.status_code == 302
        return client

    return build
