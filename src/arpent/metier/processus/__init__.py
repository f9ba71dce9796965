"""The process of a dispositif as data: its model, its reading, its calendar, its conditions, its forecast."""

from .calendrier import EtapePrevue, Position, planifier
from .comparaison import Ecart, comparer
from .conditions import CATALOGUE, Faits, Verdict, juger, phrase
from .diagramme import diagramme
from .lecture import (
    ProcessusInvalide,
    ecrire_condition,
    ecrire_definition,
    lire_conditions,
    lire_definition,
)
from .modele import (
    COMPOSITIONS,
    ECHELLES,
    FREQUENCES,
    LIEUX,
    Condition,
    Definition,
    Echelle,
    EtapeModele,
    Frequence,
    Phase,
    TypeReunion,
)
from .prevision import Avancee, Pas, Prevision, Terme, observer, prevoir, prevoir_etapes
from .quotas import Quota, Seance, echeances, par_an_attendu, suivre

__all__ = [
    "CATALOGUE",
    "COMPOSITIONS",
    "ECHELLES",
    "FREQUENCES",
    "LIEUX",
    "Avancee",
    "Condition",
    "Definition",
    "Ecart",
    "Echelle",
    "EtapeModele",
    "EtapePrevue",
    "Faits",
    "Frequence",
    "Pas",
    "Phase",
    "Position",
    "Prevision",
    "ProcessusInvalide",
    "Quota",
    "Seance",
    "Terme",
    "TypeReunion",
    "Verdict",
    "comparer",
    "diagramme",
    "echeances",
    "ecrire_condition",
    "ecrire_definition",
    "juger",
    "lire_conditions",
    "lire_definition",
    "observer",
    "par_an_attendu",
    "phrase",
    "planifier",
    "prevoir",
    "prevoir_etapes",
    "suivre",
]
