"""Opening and closing an account."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from arpent.plateforme.journal.actions import consigner

from ..habilitations import HabilitationRefusee, autre_administrateur
from ..models import Agent
from .sessions import fermer_les_sessions


@transaction.atomic
def desactiver_compte(agent: Agent, *, par: Agent | None, motif: str = "") -> Agent:
    """The account no longer opens; its sessions are closed and its habilitations end yesterday."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if not agent.is_active:
        raise HabilitationRefusee("Ce compte est déjà désactivé.")
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    hier = date.today() - timedelta(days=1)
    siennes = list(agent.habilitations.en_cours(date.today()))
    for habilitation in siennes:
        if habilitation.role == "administrateur" and not autre_administrateur(habilitation, hier):
            raise HabilitationRefusee(
                "C’est le dernier administrateur de l’instance : donnez d’abord ce rôle à quelqu’un d’autre."
            )
    for habilitation in siennes:
        habilitation.fin = hier
        habilitation.save(update_fields=["fin"])
    fermer_les_sessions(agent, par=par, motif="compte désactivé")
    consigner("desactiver_compte", sur=agent, par=par, motif=motif)
    return agent


@transaction.atomic
def reactiver_compte(agent: Agent, *, par: Agent | None, motif: str = "") -> Agent:
    """The account opens again, without any habilitation: invite the person, or give them one."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if agent.is_active:
        raise HabilitationRefusee("Ce compte est déjà ouvert.")
    if agent.anonymise_le is not None:
        raise HabilitationRefusee("Ce compte est anonymisé : invitez la personne, un autre sera créé.")
    agent.is_active = True
    agent.save(update_fields=["is_active"])
    consigner("reactiver_compte", sur=agent, par=par, motif=motif)
    return agent
