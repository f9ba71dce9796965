"""Avenants: the contract consolidated at any date, what changes between two, what stops a change."""

from arpent.metier.avenants.comparaison import Comparaison, LigneChangee, TotalCompare, comparer
from arpent.metier.avenants.conflits import Conflit, conflits
from arpent.metier.avenants.consolidation import (
    BASE,
    Acte,
    Changement,
    Consolide,
    Refus,
    Trace,
    appliquer,
    consolider,
)
from arpent.metier.avenants.effets import Effets, effets
from arpent.metier.avenants.etat import ArticleContrat, EtatContractuel, LigneContrat
from arpent.metier.avenants.mouvements import CHAMPS, ENTREES, LIBELLES_GENRE, SORTIES, Genre, Mouvement
from arpent.metier.avenants.phrases import phrase, phrases
from arpent.metier.avenants.pistes import (
    LIBELLES_PISTE,
    Piste,
    PisteRetenue,
    Seuils,
    lire_seuils,
    piste_de,
    variation_des,
)

__all__ = [
    "BASE",
    "CHAMPS",
    "ENTREES",
    "LIBELLES_GENRE",
    "LIBELLES_PISTE",
    "SORTIES",
    "Acte",
    "ArticleContrat",
    "Changement",
    "Comparaison",
    "Conflit",
    "Consolide",
    "Effets",
    "EtatContractuel",
    "Genre",
    "LigneChangee",
    "LigneContrat",
    "Mouvement",
    "Piste",
    "PisteRetenue",
    "Refus",
    "Seuils",
    "TotalCompare",
    "Trace",
    "appliquer",
    "comparer",
    "conflits",
    "consolider",
    "effets",
    "lire_seuils",
    "phrase",
    "phrases",
    "piste_de",
    "variation_des",
]
