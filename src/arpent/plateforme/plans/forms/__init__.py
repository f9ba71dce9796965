"""The forms of the plan: amounts typed as people write them, choices bounded to the territory."""

from .axe import AxeForm
from .bases import JourField, MontantField
from .fiche import FicheForm
from .gestes import DerogationForm, GesteForm, PrioritesForm
from .lignes import Rangs
from .saisie import Saisie

__all__ = [
    "AxeForm",
    "DerogationForm",
    "FicheForm",
    "GesteForm",
    "JourField",
    "MontantField",
    "PrioritesForm",
    "Rangs",
    "Saisie",
]
