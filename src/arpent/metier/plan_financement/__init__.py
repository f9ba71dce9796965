"""Financing plans, legal co-financing room, maquette."""

from arpent.metier.plan_financement.cofinancement import (
    marge_cumul,
    marge_participation_minimale,
    participation_minimale,
)
from arpent.metier.plan_financement.financeurs import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financeur,
    StatutFinancement,
)
from arpent.metier.plan_financement.maquette import LigneMaquette, Maquette, Total
from arpent.metier.plan_financement.plan import Financement, Plan, exiger_montant

__all__ = [
    "LIBELLES_FINANCEUR",
    "LIBELLES_STATUT",
    "Financement",
    "Financeur",
    "LigneMaquette",
    "Maquette",
    "Plan",
    "StatutFinancement",
    "Total",
    "exiger_montant",
    "marge_cumul",
    "marge_participation_minimale",
    "participation_minimale",
]
