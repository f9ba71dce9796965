"""Proving again who one is, inside a session: tries are counted as those of the login page."""

from __future__ import annotations

from django.http import HttpRequest

from ..models import Agent
from .essais import CONNEXION, compter, reussir


def prouver_mot_de_passe(request: HttpRequest, agent: Agent, mot_de_passe: str) -> bool:
    """Whether it is the password of the account. Raises TropDEssais. The answer of the view must not be
    undone when it is wrong: a redirect, or `avec_effet`.
    """
    essai = compter(request, CONNEXION, agent.courriel)
    if not agent.check_password(mot_de_passe):
        return False
    reussir(essai)
    return True
