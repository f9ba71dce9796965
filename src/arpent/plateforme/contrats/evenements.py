"""What the contract says to the rooms below it."""

from __future__ import annotations

from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.evenements import ContratLu

from .models import Contrat, Partie


def maquette_tenue_par_le_contrat(demarche: Demarche) -> str:
    """Why the maquette may not be reopened: the contract left its drafting. One query."""
    etat = Contrat.objects.filter(demarche=demarche).values_list("etat", flat=True).first()
    if etat in {None, EtatContrat.REDACTION.value, EtatContrat.RESILIE.value}:
        return ""
    libelle = CYCLE_CONTRAT.libelle(str(etat)).lower()
    if etat in {EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value}:
        return f"Le contrat est « {libelle} » : reprenez sa rédaction avant de rouvrir la maquette."
    return f"Le contrat est « {libelle} » : ses montants ne changent que par avenant."


def contrat_pour_la_reserve(demarche: Demarche) -> ContratLu:
    """State and parties of the contract of a démarche. Two queries."""
    etat = Contrat.objects.filter(demarche=demarche).values_list("etat", flat=True).first()
    if etat is None:
        return ContratLu()
    parties = (
        Partie.objects.en_cours().filter(contrat__demarche=demarche).values_list("organisation_id", flat=True)
    )
    return ContratLu(
        CYCLE_CONTRAT.libelle(str(etat)), etat == EtatContrat.EN_VIGUEUR.value, frozenset(parties)
    )
