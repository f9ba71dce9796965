"""People and bodies: organisations, agents (the accounts), dated habilitations, mandates."""

from ..comptes.models import (
    CleAcces,
    CodeSecours,
    CodeTemporel,
    Essai,
    Invitation,
    RegleConservation,
    SessionOuverte,
)
from .absences import Absence, Designation
from .agents import Agent, AgentManager, Habilitation, HabilitationQuerySet
from .appui import DemandeAppui, GenreAppui, StructureAppui, TempsAppui
from .organisations import Organisation
from .personnes import Mandat, Personne

__all__ = [
    "Absence",
    "Agent",
    "AgentManager",
    "CleAcces",
    "CodeSecours",
    "CodeTemporel",
    "DemandeAppui",
    "Designation",
    "Essai",
    "GenreAppui",
    "Habilitation",
    "HabilitationQuerySet",
    "Invitation",
    "Mandat",
    "Organisation",
    "Personne",
    "RegleConservation",
    "SessionOuverte",
    "StructureAppui",
    "TempsAppui",
]
