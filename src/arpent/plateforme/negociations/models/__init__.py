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
from .reserve import DemandeReserve, DemandeReserveQuerySet, JustificationReserve

__all__ = [
    "Accord", "Camp", "DemandeReserve", "DemandeReserveQuerySet", "DonneeRepartition", "EnsembleScenarios",
    "Enveloppe", "Genre", "JustificationReserve", "Mouvement", "MouvementQuerySet", "PartEnveloppe",
    "PositionTour", "Proposition", "Scenario", "StadeMouvement", "Tour",
]  # fmt: skip
