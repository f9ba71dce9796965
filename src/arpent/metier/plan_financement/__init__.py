"""Financing plans, legal co-financing room, maquette."""

from arpent.metier.plan_financement.cofinancement import (
    marge_cumul,
    marge_fonds_concours,
    marge_participation_minimale,
    participation_minimale,
)
from arpent.metier.plan_financement.contraintes import CONCOURS, MINIMUM, Limite, Manquement
from arpent.metier.plan_financement.financeurs import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financeur,
    StatutFinancement,
)
from arpent.metier.plan_financement.maquette import Caisse, LigneMaquette, Maquette, Total
from arpent.metier.plan_financement.operation import Operation, Plafond, Seuil, est_detr, est_dotation
from arpent.metier.plan_financement.plan import Financement, Plan, exiger_montant
from arpent.metier.plan_financement.solveur import (
    Bilan,
    Mouvement,
    Possibilite,
    Proposition,
    Refus,
    baisses_suffisantes,
    examiner_plan,
    limites_de,
    proposer,
    reparer,
)

__all__ = [
    "CONCOURS",
    "LIBELLES_FINANCEUR",
    "LIBELLES_STATUT",
    "MINIMUM",
    "Bilan",
    "Caisse",
    "Financement",
    "Financeur",
    "LigneMaquette",
    "Limite",
    "Manquement",
    "Maquette",
    "Mouvement",
    "Operation",
    "Plafond",
    "Plan",
    "Possibilite",
    "Proposition",
    "Refus",
    "Seuil",
    "StatutFinancement",
    "Total",
    "baisses_suffisantes",
    "est_detr",
    "est_dotation",
    "examiner_plan",
    "exiger_montant",
    "limites_de",
    "marge_cumul",
    "marge_fonds_concours",
    "marge_participation_minimale",
    "participation_minimale",
    "proposer",
    "reparer",
]
