"""Choosing projects, amounts and years under envelopes and rules: exact, with a proven gap, and explained."""

from .conflit import Conflit
from .conflit import trouver as trouver_conflit
from .explication import Sortie, expliquer, saturees
from .probleme import (
    LIBELLES_OBJECTIF,
    Candidat,
    Groupe,
    Minimum,
    Nombre,
    Objectif,
    OptimisationImpossible,
    Paiements,
    Plafond,
    Portee,
    Probleme,
)
from .solution import Choix, Etape, Manque, Methode, Solution, consommations, manques
from .solveur import Infaisable, TempsEcoule, optimiser, pas_a_pas

__all__ = [
    "LIBELLES_OBJECTIF", "Candidat", "Choix", "Conflit", "Etape", "Groupe", "Infaisable", "Manque", "Methode",
    "Minimum", "Nombre", "Objectif", "OptimisationImpossible", "Paiements", "Plafond", "Portee", "Probleme",
    "Solution", "Sortie", "TempsEcoule", "consommations", "expliquer", "manques", "optimiser", "pas_a_pas",
    "saturees", "trouver_conflit",
]  # fmt: skip
