"""Rows of the negotiation: the maquette and its rounds, the envelopes and their movements."""

from .credits import Enveloppe, Genre, Mouvement, MouvementQuerySet, StadeMouvement
from .ensemble import EnsembleScenarios
from .maquette import (
    Accord,
    Camp,
    DonneeRepartition,
    PartEnveloppe,
    PositionTour,
    Proposition,
    Scenario,
    Tour,
)

__all__ = [
    "Accord", "Camp", "DonneeRepartition", "EnsembleScenarios", "Enveloppe", "Genre", "Mouvement",
    "MouvementQuerySet", "PartEnveloppe", "PositionTour", "Proposition", "Scenario", "StadeMouvement", "Tour",
]  # fmt: skip
