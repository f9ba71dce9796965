"""The scenarios that a point or a decision of a meeting may be about: those shown to both sides."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import GenreObjet, Objet, declarer

from .models import Scenario


def chercher_scenarios(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By words of its name. One query."""
    partages = Scenario.objects.filter(demarche=demarche, partage=True, nom__icontains=texte)
    return [Objet("scenario", s.pk, s.nom) for s in partages.order_by("nom", "pk")[:9]]


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "scenario",
            "Scénario de négociation",
            chercher_scenarios,
            lambda demarche, pk: reverse("negociations:scenario", args=[demarche.slug, pk]),
        )
    )
