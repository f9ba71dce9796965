"""Who publishes: the authorities of this instance."""

from __future__ import annotations

from arpent.plateforme.acteurs.models import Organisation


def nom_de_l_editeur() -> str:
    """Their names, the first ones. One query."""
    autorites = Organisation.objects.filter(processus__isnull=False).distinct().order_by("nom")
    return ", ".join(autorites.values_list("nom", flat=True)[:3]) or "cette collectivité"
