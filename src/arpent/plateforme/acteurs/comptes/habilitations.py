"""Giving, closing a habilitation; opening and closing an account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from arpent.plateforme.journal.actions import consigner

from ..habilitations import autre_administrateur
from ..models import Agent, Habilitation
from ..roles import ROLES
from .sessions import fermer_les_sessions


class HabilitationRefusee(ValueError):
    """Why it cannot be; French, says what to do."""


def _en_mots(habilitation: Habilitation) -> dict[str, Any]:
    return {
        "role": ROLES[habilitation.role].libelle,
        "organisation": str(habilitation.organisation or ""),
        "territoire": str(habilitation.territoire or ""),
        "debut": habilitation.debut,
        "fin": habilitation.fin,
    }


@transaction.atomic
def accorder_habilitation(agent: Agent, *, par: Agent | None, **champs: Any) -> Habilitation:
    """One more habilitation. The open sessions of the agent die: the new rights come with a new login."""
    habilitation = Habilitation.objects.create(agent=agent, **champs)
    consigner("accorder_habilitation", sur=agent, par=par, apres=_en_mots(habilitation))
    return habilitation


@transaction.atomic
def clore_habilitation(habilitation: Habilitation, *, le: date, par: Agent | None) -> Habilitation:
    """Its last day is `le`; yesterday ends the rights, and the open sessions, at once."""
    habilitation = Habilitation.objects.select_for_update(of=("self",)).get(pk=habilitation.pk)
    if habilitation.fin is not None and habilitation.fin <= le:
        raise HabilitationRefusee("Cette habilitation est déjà terminée.")
    avant = _en_mots(habilitation)
    habilitation.fin = le
    habilitation.save(update_fields=["fin"])
    consigner(
        "clore_habilitation", sur=habilitation.agent, par=par, avant=avant, apres=_en_mots(habilitation)
    )
    return habilitation


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
