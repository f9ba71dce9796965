"""What the rail says of the contract, and of what follows it."""

from __future__ import annotations

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat
from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Place

from .models import Contrat
from .signatures.fermeture import avancement


def noter_contrat(contrat: Contrat) -> None:
    """What the rail says of the contract, then of what follows it."""
    libelle = CYCLE_CONTRAT.libelle(contrat.etat).lower()
    derniere = contrat.versions.order_by("-numero").first()
    resume = f"{libelle}, version {derniere.numero}" if derniere else libelle
    if contrat.etat == EtatContrat.SIGNATURE:
        resume += avancement(contrat)
    finis = {EtatContrat.EN_VIGUEUR, EtatContrat.ECHU, EtatContrat.SOLDE}
    etat = Place.Etat.FAIT if contrat.etat in finis else Place.Etat.EN_COURS
    noter_place(contrat.demarche, Place.Code.CONTRAT.value, etat.value, resume)
    if derniere is None:
        return
    aides = formater_euros(derniere.total_aides, centimes=False)
    projets = f"{derniere.nombre_projets} projet{'s' if derniere.nombre_projets > 1 else ''}"
    suite = Place.Etat.EN_COURS if contrat.etat in finis else Place.Etat.A_VENIR
    noter_place(contrat.demarche, Place.Code.REALISATION.value, suite.value, f"{projets}, {aides}")
    noter_place(contrat.demarche, Place.Code.BILAN.value, suite.value, f"{aides} à suivre")
