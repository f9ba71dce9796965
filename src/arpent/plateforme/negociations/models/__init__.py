"""Rows of the negotiation: the maquette and its rounds, the envelopes and their movements."""

from .credits import Enveloppe, Genre, Mouvement, MouvementQuerySet, StadeMouvement
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
    "Accord", "Camp", "DemandeReserve", "DemandeReserveQuerySet", "DonneeRepartition", "Enveloppe", "Genre",
    "JustificationReserve", "Mouvement", "MouvementQuerySet", "PartEnveloppe", "PositionTour", "Proposition",
    "Scenario", "StadeMouvement", "Tour",
]  # fmt: skip
