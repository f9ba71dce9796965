"""Demonstration of the reserve: one request in draft, that waits for the contract to be in force."""

from __future__ import annotations

from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.reserve.actions import ouvrir_demande
from arpent.plateforme.plans.models import Fiche

JUSTIFICATIONS = {
    "urgence": "Exemple de démonstration : la crue du 3 novembre 2026 a emporté l’ouvrage.",
}
"""The second criterion is left to answer."""


def preparer_une_demande(demarche: Demarche) -> None:
    """For the smallest fiche that no agreement aids; nothing when there is none."""
    fiches = Fiche.objects.filter(demarche=demarche, aide_accordee__isnull=True, aide_demandee__gt=0)
    fiche = fiches.exclude(etat=EtatFiche.BROUILLON.value).comptees().order_by("cout_ht", "numero").first()
    if fiche is not None:
        ouvrir_demande(fiche, fiche.aide_demandee, JUSTIFICATIONS, par=None)
