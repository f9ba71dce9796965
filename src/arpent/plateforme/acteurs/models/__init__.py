"""People and bodies: organisations, agents (the accounts), dated habilitations, mandates."""

from .agents import Agent, AgentManager, Habilitation, HabilitationQuerySet
from .appui import DemandeAppui
from .organisations import Organisation
from .personnes import Mandat, Personne

__all__ = [
    "Agent",
    "AgentManager",
    "DemandeAppui",
    "Habilitation",
    "HabilitationQuerySet",
    "Mandat",
    "Organisation",
    "Personne",
]
