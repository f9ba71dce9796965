"""The enjeux that a point or a decision of a meeting may be about."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import GenreObjet, Objet, declarer

from .models import Enjeu


def chercher_enjeux(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By its priority, or by words. One query."""
    condition = Q(libelle__icontains=texte)
    if texte.isdecimal() and len(texte) < 5:
        condition |= Q(priorite=int(texte))
    return [Objet("enjeu", e.pk, e.libelle) for e in Enjeu.objects.filter(condition, demarche=demarche)[:9]]


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "enjeu",
            "Enjeu du diagnostic",
            chercher_enjeux,
            lambda demarche, _pk: reverse("diagnostics:constats", args=[demarche.slug]) + "#enjeux",
        )
    )
