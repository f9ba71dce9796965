"""Who is behind a session: the person and what they may do, in one query."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.backends import ModelBackend

from .models import Agent, Habilitation

MOTEUR = "arpent.plateforme.acteurs.moteur.MoteurAgents"


class MoteurAgents(ModelBackend):
    """Django's own, but that every page needs the habilitations of the day with the person."""

    def get_user(self, user_id: Any) -> Agent | None:
        """The agent if the account is open, else None. One query; two for somebody without habilitation."""
        du_jour = Habilitation.objects.filter(agent=user_id).en_cours(date.today())
        habilitations = list(du_jour.select_related("agent", "organisation", "territoire"))
        if not habilitations:
            sans: Agent | None = super().get_user(user_id)
            return sans
        agent = habilitations[0].agent
        for habilitation in habilitations:
            habilitation.agent = agent
        agent.habilitations_en_cours = habilitations
        return agent if self.user_can_authenticate(agent) else None
