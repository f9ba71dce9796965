"""The last day of a contract in force, its avenants counted, and what waits for it."""

from __future__ import annotations

from datetime import date

from arpent.metier.cycles import EtatContrat

from .avenants.lecture import AvenantRefuse, etat_consolide
from .exigences import ContratRefuse
from .models import Contrat


def terme_de(contrat: Contrat) -> date | None:
    """None while it is not in force, or when its dates are not known. Three queries."""
    if contrat.etat != EtatContrat.EN_VIGUEUR:
        return None
    try:
        return etat_consolide(contrat).etat.date_fin
    except AvenantRefuse:
        return None


def exiger_echeance(contrat: Contrat, le: date) -> None:
    """The contract has run to its last day. ContratRefuse says until when it runs."""
    terme = terme_de(contrat)
    if terme is not None and le <= terme:
        raise ContratRefuse(
            f"Le contrat court jusqu’au {terme:%d/%m/%Y} : constatez son échéance le lendemain, ou mettez-y "
            "fin avant son terme."
        )
