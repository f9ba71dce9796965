"""Who reads through a token: its owner's habilitations, and never more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche, DemarcheQuerySet

from .models import Jeton


@dataclass(frozen=True, slots=True)
class Lecteur:
    """A person read for by a program, with the habilitations of the day; `limite`: the only démarche."""

    agent: Agent
    limite: int | None = None

    def demarches(self, droit: str) -> DemarcheQuerySet:
        """The démarches where `droit` is held, within the perimeter of the token. No query."""
        tenues = demarches_ou(self.agent, droit)
        return tenues if self.limite is None else tenues.filter(pk=self.limite)

    def cles(self, droit: str) -> QuerySet[Demarche, Any]:
        """The same, as a sub-query."""
        return self.demarches(droit).order_by().values("pk")


@dataclass(frozen=True, slots=True)
class Porteur(Lecteur):
    """Who presents a token, and the token."""

    jeton: Jeton = field(kw_only=True)


def demarches_ou(agent: Agent, droit: str) -> DemarcheQuerySet:
    """What the door of a page lets in, for all of them at once: visible, and `droit` held there. No query."""
    condition = Q(pk__in=[])
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if droit not in definition.droits:
            continue
        match definition.portee:
            case Portee.TOUT:
                return Demarche.objects.visibles_par(agent)
            case Portee.AUTORITE:
                condition |= Q(version_processus__processus__autorite=habilitation.autorite_id or 0)
            case _:
                condition |= Q(territoire=habilitation.territoire_id or 0)
    return Demarche.objects.visibles_par(agent).filter(condition)


def charger(jeton: Jeton) -> Porteur:
    """Who the token acts for, within its perimeter. One query."""
    lu = charger_agent(jeton.agent, jeton.demarche_id)
    return Porteur(lu.agent, lu.limite, jeton=jeton)


def charger_agent(agent: Agent, limite: int | None) -> Lecteur:
    """The agent with what they hold themselves: what an absent lends is not for a program. One query."""
    siennes = list(
        Habilitation.objects.filter(agent=agent)
        .en_cours(date.today())
        .select_related("organisation", "territoire")
    )
    for habilitation in siennes:
        habilitation.agent = agent
    agent.habilitations_en_cours = siennes
    return Lecteur(agent, limite)
