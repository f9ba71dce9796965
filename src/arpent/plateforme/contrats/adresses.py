"""How the contract of a démarche, or one of its avenants, is named in a sentence, and where its page is."""

from __future__ import annotations

from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche

from .models import Avenant


def page(demarche: Demarche, avenant: Avenant | None, ancre: str) -> str:
    """The page of the contract (None) or of that avenant, at that section."""
    if avenant is None:
        return f"{reverse('contrats:contrat', args=[demarche.slug])}#{ancre}"
    return f"{reverse('contrats:avenant', args=[demarche.slug, avenant.pk])}#{ancre}"


def nom(avenant: Avenant | None) -> str:
    """« Contrat », « Avenant n° 2 »."""
    return str(avenant) if avenant else "Contrat"


def du_nom(avenant: Avenant | None) -> str:
    """« du contrat », « de l’avenant n° 2 »."""
    return f"de l’avenant n°\u00a0{avenant.numero}" if avenant else "du contrat"
