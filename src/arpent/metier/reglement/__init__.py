"""Règlements as data: kinds of rules, dated legal parameters, explained results."""

from arpent.metier.reglement.cadre import REGIMES, CadreJuridique
from arpent.metier.reglement.cofinancement import plafond_du_reglement
from arpent.metier.reglement.coherence import GenreIncoherence, Incoherence, verifier_coherence
from arpent.metier.reglement.constats import LIBELLES_VERDICT, Constat, DerogationRegle, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import (
    CHAMPS_COMMUNS,
    LIBELLES_FAMILLE,
    ChampRegle,
    Famille,
    Sorte,
    Vocabulaire,
)
from arpent.metier.reglement.droit import operation_de
from arpent.metier.reglement.lecteur import ReglementInvalide
from arpent.metier.reglement.parametres import (
    LIBELLES_UNITE,
    LIVRES,
    MOTIFS_DEROGATION,
    PARAMETRES,
    ParametreDate,
    ParametresLegaux,
    Unite,
)
from arpent.metier.reglement.preinstruction import Preinstruction, preinstruire
from arpent.metier.reglement.projet import (
    LIBELLES_BENEFICIAIRE,
    LIBELLES_MATURITE,
    LIBELLES_NATURE,
    AideAnterieure,
    Derogation,
    Enveloppe,
    Poste,
    Projet,
)
from arpent.metier.reglement.reglement import Article, Reglement, lire_reglement
from arpent.metier.reglement.regles import CATALOGUE, GENRES, Regle
from arpent.metier.reglement.schema import schema_json

__all__ = [
    "CATALOGUE",
    "CHAMPS_COMMUNS",
    "GENRES",
    "LIBELLES_BENEFICIAIRE",
    "LIBELLES_FAMILLE",
    "LIBELLES_MATURITE",
    "LIBELLES_NATURE",
    "LIBELLES_UNITE",
    "LIBELLES_VERDICT",
    "LIVRES",
    "MOTIFS_DEROGATION",
    "PARAMETRES",
    "REGIMES",
    "AideAnterieure",
    "Article",
    "CadreJuridique",
    "ChampRegle",
    "Constat",
    "Contexte",
    "Derogation",
    "DerogationRegle",
    "Enveloppe",
    "Famille",
    "GenreIncoherence",
    "Incoherence",
    "ParametreDate",
    "ParametresLegaux",
    "Poste",
    "Preinstruction",
    "Projet",
    "Regle",
    "Reglement",
    "ReglementInvalide",
    "Sorte",
    "Unite",
    "Verdict",
    "Vocabulaire",
    "lire_reglement",
    "nommer",
    "operation_de",
    "plafond_du_reglement",
    "preinstruire",
    "schema_json",
    "verifier_coherence",
]
