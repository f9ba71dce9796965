"""An open session of an agent, for the server under measure."""

from __future__ import annotations

import time

from django.test import Client

from arpent.plateforme.acteurs.middleware import OUVERTE_LE
from arpent.plateforme.acteurs.models import Agent


def seance_de(agent: Agent) -> str:
    """The key of a session opened now; Django is already set up."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent, backend="arpent.plateforme.acteurs.moteur.MoteurAgents")
    ouverte = client.session
    ouverte[OUVERTE_LE] = time.time()
    ouverte.save()
    return str(ouverte.session_key)
