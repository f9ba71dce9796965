"""Somebody whose every access has ended: what they are told."""

from __future__ import annotations

from datetime import date

from .models import Agent, Habilitation


def acces_termine(agent: Agent) -> Habilitation | None:
    """The last access of somebody who has none left; None when they never had one. One query."""
    passees = agent.habilitations.filter(fin__lt=date.today())
    rows = passees.select_related("territoire", "organisation", "donnee_par").order_by("-fin", "-pk")
    return rows.first()
