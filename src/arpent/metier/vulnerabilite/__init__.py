"""Vulnerability of territories: indicators, score, class, effects, each explained.

Method and worked example: `docs/algorithmes/vulnerabilite.md`.
"""

from arpent.metier.vulnerabilite.composition import REGLE, NoteComposee, composer
from arpent.metier.vulnerabilite.lecture import lire_modele, lire_modeles
from arpent.metier.vulnerabilite.modele import (
    Classe,
    Famille,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Normalisation,
    Orientation,
    Sens,
    Seuils,
    TypeParticulier,
)
from arpent.metier.vulnerabilite.notation import Contribution, Note, Notes, noter

__all__ = [
    "REGLE",
    "Classe",
    "Contribution",
    "Famille",
    "Indicateur",
    "ModeSeuils",
    "Modele",
    "ModeleInvalide",
    "Normalisation",
    "Note",
    "NoteComposee",
    "Notes",
    "Orientation",
    "Sens",
    "Seuils",
    "TypeParticulier",
    "composer",
    "lire_modele",
    "lire_modeles",
    "noter",
]
