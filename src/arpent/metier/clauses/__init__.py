"""Clauses of a contract: library, conditions, variants, drafting, merge of the values."""

from arpent.metier.clauses.faits import FAITS, FaitsContrat
from arpent.metier.clauses.fusion import (
    CHAMP,
    Champs,
    Fusion,
    champs_employes,
    controler_champs,
    paragraphes,
)
from arpent.metier.clauses.modele import (
    PAR_DEFAUT,
    ArticleModele,
    Garde,
    ModeleContrat,
    ModeleContratInvalide,
    Variante,
    VisaModele,
    lire_modele,
)
from arpent.metier.clauses.redaction import (
    LIBELLES_ORIGINE,
    Article,
    Choix,
    Clause,
    Origine,
    TexteContrat,
    composer,
    fusionner,
    nommer_ailleurs,
)

__all__ = [
    "CHAMP",
    "FAITS",
    "LIBELLES_ORIGINE",
    "PAR_DEFAUT",
    "Article",
    "ArticleModele",
    "Champs",
    "Choix",
    "Clause",
    "FaitsContrat",
    "Fusion",
    "Garde",
    "ModeleContrat",
    "ModeleContratInvalide",
    "Origine",
    "TexteContrat",
    "Variante",
    "VisaModele",
    "champs_employes",
    "composer",
    "controler_champs",
    "fusionner",
    "lire_modele",
    "nommer_ailleurs",
    "paragraphes",
]
