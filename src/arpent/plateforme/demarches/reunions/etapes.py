"""The steps of the démarche itself, as objects of a point or of a decision."""

from __future__ import annotations

from collections.abc import Sequence

from ..models import Demarche
from .objets import GenreObjet, Objet, declarer


def chercher_etapes(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By words. One query."""
    return [Objet("etape", e.pk, e.libelle) for e in demarche.etapes.filter(libelle__icontains=texte)[:9]]


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "etape",
            "Étape de la démarche",
            chercher_etapes,
            lambda demarche, _pk: f"{demarche.get_absolute_url()}#etapes",
            converse=False,
        )
    )
