"""The plan d'actions: axes, fiches projets, their money, decisions on them, working together."""

from .actes import ActeAssemblee, AvisService, Classement, Deliberation, DerogationRegle, Preinstruction
from .cadre import CadreJuridique
from .champs import champ_montant, champ_montant_facultatif
from .fiche import ETATS_ENGAGES, Axe, Fiche, FicheQuerySet, aide_engagee, est_a_part, est_comptee
from .financement import DemarcheFinanceur, LigneDepense, LigneFinancement
from .travail import Commentaire, PieceJointe, SaisieEnCours, VueEnregistree

__all__ = [
    "ETATS_ENGAGES",
    "ActeAssemblee",
    "AvisService",
    "Axe",
    "CadreJuridique",
    "Classement",
    "Commentaire",
    "Deliberation",
    "DemarcheFinanceur",
    "DerogationRegle",
    "Fiche",
    "FicheQuerySet",
    "LigneDepense",
    "LigneFinancement",
    "PieceJointe",
    "Preinstruction",
    "SaisieEnCours",
    "VueEnregistree",
    "aide_engagee",
    "champ_montant",
    "champ_montant_facultatif",
    "est_a_part",
    "est_comptee",
]
