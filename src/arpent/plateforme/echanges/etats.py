"""Where an import stands."""

from __future__ import annotations

from .models import ImportPlan


class ImportRefuse(ValueError):
    """The gesture cannot be made now; the message is French and says what to do."""


def a_l_etat_lu(lecture: ImportPlan, genre: str = "") -> ImportPlan:
    """The import (of that kind), locked, not over yet. ImportRefuse else. Inside a transaction."""
    lecture = ImportPlan.objects.select_for_update(of=("self",)).get(pk=lecture.pk)
    if lecture.etat != ImportPlan.Etat.LU:
        etat = {"confirme": "confirmé", "abandonne": "abandonné"}[lecture.etat]
        raise ImportRefuse(f"Cet import est déjà {etat}. Pour recommencer, envoyez le fichier à nouveau.")
    if genre and lecture.genre != genre:
        raise ImportRefuse("Ce fichier ne se confirme pas ainsi : relisez l’aperçu ci-dessous.")
    return lecture
