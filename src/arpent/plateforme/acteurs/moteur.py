"""Who is behind a session: the person and what they may do, in one query."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.backends import ModelBackend

from .models import Agent, Habilitation
from .models.agents import trier

MOTEUR = "arpent.plateforme.acteurs.moteur.MoteurAgents"


class MoteurAgents(ModelBackend):
    """Django's own, but that every page needs the habilitations of the day with the person."""

    def get_user(self, user_id: Any) -> Agent | None:
        """The agent if the account is open, else None, with what they do for the absent they stand in for.

        One query; two for somebody without habilitation of their own.
        """
        lues = trier(list(Habilitation.objects.tenues_par(user_id, date.today())), int(user_id))
        siennes = [h for h in lues if h.au_nom_de is None]
        agent = siennes[0].agent if siennes else super().get_user(user_id)
        if agent is None:
            return None
        for habilitation in siennes:
            habilitation.agent = agent
        agent.habilitations_en_cours = lues
        return agent if self.user_can_authenticate(agent) else None
