"""The steps of the démarche itself, as objects of a point or of a decision."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.urls import reverse

from ..models import Demarche
from .objets import GenreObjet, Objet, declarer


def chercher_etapes(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By words. One query."""
    return [Objet("etape", e.pk, e.libelle) for e in demarche.etapes.filter(libelle__icontains=texte)[:9]]


def adresse_etape(demarche: Demarche, pk: int) -> str:
    """Its page; the list of the steps when it has left them. One query for all those of a démarche."""
    prefetch_related_objects([demarche], "etapes")
    code = next((e.code for e in demarche.etapes.all() if e.pk == pk), None)
    if code is None:
        return f"{demarche.get_absolute_url()}#etapes"
    return reverse("demarches:etape", args=[demarche.slug, code])


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "etape",
            "Étape de la démarche",
            chercher_etapes,
            adresse_etape,
            converse=False,
        )
    )
