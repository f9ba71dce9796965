"""The workshop named by the address, and the way back when a gesture is refused."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche

from ...models import Atelier


def atelier_de(demarche: Demarche, pk: int) -> Atelier:
    """404 when it belongs to another démarche. One query; the démarche already read is kept."""
    atelier = get_object_or_404(Atelier, pk=pk, demarche_id=demarche.pk)
    atelier.demarche = demarche
    return atelier


def adresse(demarche: Demarche, nom: str, pk: int | None = None, ancre: str = "") -> str:
    arguments = [demarche.slug] if pk is None else [demarche.slug, pk]
    return reverse(f"diagnostics:{nom}", args=arguments) + (f"#{ancre}" if ancre else "")
