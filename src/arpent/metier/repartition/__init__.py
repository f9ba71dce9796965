"""Envelope formulas as data: keys, fixed, per inhabitant, rank, class, floors and caps; exact rounding."""

from arpent.metier.repartition.application import LIBELLES_ETAPES, appliquer
from arpent.metier.repartition.enveloppe import (
    Cle,
    Etape,
    Part,
    Repartition,
    RepartitionImpossible,
    repartir_enveloppe,
)
from arpent.metier.repartition.formule import Borne, Formule, Poids, Rang, lire_formule
from arpent.metier.repartition.inegalites import Inegalites, mesurer

__all__ = [
    "LIBELLES_ETAPES", "Borne", "Cle", "Etape", "Formule", "Inegalites", "Part", "Poids", "Rang",
    "Repartition", "RepartitionImpossible", "appliquer", "lire_formule", "mesurer", "repartir_enveloppe",
]  # fmt: skip
