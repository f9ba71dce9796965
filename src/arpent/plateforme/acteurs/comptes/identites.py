"""The identity of the single sign-on and the account it opens: bound at the first login, by its subject."""

from __future__ import annotations

import hashlib

from django.db import transaction

from arpent.plateforme.journal.actions import consigner

from ..models import Agent


class AutreIdentite(ValueError):
    """The account that holds the address is bound to another identity of the provider."""


def empreinte_de(emetteur: str, sujet: str) -> str:
    return hashlib.sha256(f"{emetteur}|{sujet}".encode()).hexdigest()


@transaction.atomic
def compte_de(emetteur: str, sujet: str, courriel: str) -> Agent | None:
    """The account of that subject, whatever its address today; else the holder of the address, bound now.

    An address can be given to somebody else one day, a subject cannot. None: no open account. AutreIdentite.
    """
    empreinte = empreinte_de(emetteur, sujet)
    ouverts = Agent.objects.select_for_update(of=("self",)).filter(is_active=True)
    if lie := ouverts.filter(identite_unique=empreinte).first():
        return lie
    agent = ouverts.filter(courriel__iexact=courriel).first()
    if agent is None:
        return None
    if agent.identite_unique or Agent.objects.filter(identite_unique=empreinte).exists():
        raise AutreIdentite
    agent.identite_unique = empreinte
    agent.save(update_fields=["identite_unique"])
    consigner("lier_identite", sur=agent, par=agent)
    return agent


@transaction.atomic
def delier(agent: Agent, *, par: Agent | None) -> bool:
    """The next identity that shows the address of the account will be bound. False: none was."""
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    if not agent.identite_unique:
        return False
    agent.identite_unique = ""
    agent.save(update_fields=["identite_unique"])
    consigner("delier_identite", sur=agent, par=par)
    return True
