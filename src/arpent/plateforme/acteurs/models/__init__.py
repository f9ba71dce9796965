"""People and bodies: organisations, agents (the accounts), dated habilitations, mandates."""

from .absences import Absence, Designation
from .agents import Agent, AgentManager, Habilitation, HabilitationQuerySet
from .appui import DemandeAppui
from .organisations import Organisation
from .personnes import Mandat, Personne

__all__ = [
    "Absence",
    "Agent",
    "AgentManager",
    "DemandeAppui",
    "Designation",
    "Habilitation",
    "HabilitationQuerySet",
    "Mandat",
    "Organisation",
    "Personne",
]
