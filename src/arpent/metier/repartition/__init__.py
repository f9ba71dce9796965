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
from arpent.metier.repartition.imputation import FondsOuvert, Imputation, Raison, imputer, principal
from arpent.metier.repartition.inegalites import Inegalites, mesurer

__all__ = [
    "LIBELLES_ETAPES", "Borne", "Cle", "Etape", "FondsOuvert", "Formule", "Imputation", "Inegalites", "Part",
    "Poids", "Raison", "Rang", "Repartition", "RepartitionImpossible", "appliquer", "imputer", "lire_formule",
    "mesurer", "principal", "repartir_enveloppe",
]  # fmt: skip
