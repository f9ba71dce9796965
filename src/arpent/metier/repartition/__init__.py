"""Envelope formulas: weighted keys, exact rounding."""

from arpent.metier.repartition.enveloppe import (
    Cle,
    Part,
    Repartition,
    RepartitionImpossible,
    repartir_enveloppe,
)

__all__ = ["Cle", "Part", "Repartition", "RepartitionImpossible", "repartir_enveloppe"]
