"""Equity of a set of aids: euros per inhabitant by group, and how unequal they are."""

from .modele import Aide, APart, Axe, Groupe, Lecture, Lieu, Regroupement
from .mots import ENTRE, constat, ecrire_euros, lecture_inegalites
from .regroupement import Rapprochement, bande, rapprocher, regrouper

__all__ = [
    "ENTRE", "APart", "Aide", "Axe", "Groupe", "Lecture", "Lieu", "Rapprochement", "Regroupement", "bande",
    "constat", "ecrire_euros", "lecture_inegalites", "rapprocher", "regrouper",
]  # fmt: skip
