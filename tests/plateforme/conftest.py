"""Fixtures of the platform tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent


@pytest.fixture
def connecte(db: None) -> Callable[[Agent], Client]:
    """A client logged in as that agent."""

    def build(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return build
