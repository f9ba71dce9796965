"""What the diagnostic keeps: findings and their evidence, enjeux, workshops, parameters, models of scoring."""

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
