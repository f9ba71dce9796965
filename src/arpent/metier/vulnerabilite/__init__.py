"""Vulnerability of territories: indicators, score, class, effects, each explained.

Method and worked examples: `docs/algorithmes/vulnerabilite.md`.
"""

from arpent.metier.vulnerabilite.comparaison import Croisement, Deplacement, croiser
from arpent.metier.vulnerabilite.composition import MEMBRES, REGLE, NoteComposee, composer, enoncer_regle
from arpent.metier.vulnerabilite.explication import Distance, Pourquoi, Raison, dire_les_seuils, expliquer
from arpent.metier.vulnerabilite.lecture import lire_modele, lire_modeles
from arpent.metier.vulnerabilite.modele import (
    Classe,
    Composition,
    Echelle,
    Famille,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Normalisation,
    Orientation,
    RegleComposition,
    Sens,
    Seuils,
    TypeParticulier,
)
from arpent.metier.vulnerabilite.notation import Contribution, Note, Notes, noter
from arpent.metier.vulnerabilite.sensibilite import Essai, Sensibilite, eprouver

__all__ = [
    "MEMBRES",
    "REGLE",
    "Classe",
    "Composition",
    "Contribution",
    "Croisement",
    "Deplacement",
    "Distance",
    "Echelle",
    "Essai",
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
    "Pourquoi",
    "Raison",
    "RegleComposition",
    "Sens",
    "Sensibilite",
    "Seuils",
    "TypeParticulier",
    "composer",
    "croiser",
    "dire_les_seuils",
    "enoncer_regle",
    "eprouver",
    "expliquer",
    "lire_modele",
    "lire_modeles",
    "noter",
]
