"""Règlements as data: kinds of rules, dated legal parameters, explained results."""

from arpent.metier.reglement.constats import LIBELLES_VERDICT, Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.lecteur import ReglementInvalide
from arpent.metier.reglement.parametres import PARAMETRES, ParametreDate, parametre_au, valeur_au
from arpent.metier.reglement.preinstruction import Preinstruction, preinstruire
from arpent.metier.reglement.projet import (
    LIBELLES_BENEFICIAIRE,
    LIBELLES_MATURITE,
    LIBELLES_NATURE,
    Derogation,
    Projet,
)
from arpent.metier.reglement.reglement import Article, Reglement, lire_reglement
from arpent.metier.reglement.regles import GENRES, Regle

__all__ = [
    "GENRES",
    "LIBELLES_BENEFICIAIRE",
    "LIBELLES_MATURITE",
    "LIBELLES_NATURE",
    "LIBELLES_VERDICT",
    "PARAMETRES",
    "Article",
    "Constat",
    "Contexte",
    "Derogation",
    "ParametreDate",
    "Preinstruction",
    "Projet",
    "Regle",
    "Reglement",
    "ReglementInvalide",
    "Verdict",
    "lire_reglement",
    "nommer",
    "parametre_au",
    "preinstruire",
    "valeur_au",
]
