"""What the diagnostic keeps: findings, evidence, enjeux, workshops, parameters, scoring models."""

from .ateliers import Atelier, ContributionAtelier, Participant, TableAtelier, Vote
from .constats import ConstatTerritorial, Echange, Enjeu, Preuve
from .parametres import ParametreFlux
from .vulnerabilite import ModeleVulnerabilite

__all__ = [
    "Atelier",
    "ConstatTerritorial",
    "ContributionAtelier",
    "Echange",
    "Enjeu",
    "ModeleVulnerabilite",
    "ParametreFlux",
    "Participant",
    "Preuve",
    "TableAtelier",
    "Vote",
]
