"""What a reader sees of the plan, apart from how the API writes it: the events ask it too."""

from __future__ import annotations

from django.db.models import QuerySet

from arpent.plateforme.plans.models import Fiche

from .lecteur import Lecteur


def fiches_visibles(lecteur: Lecteur) -> QuerySet[Fiche]:
    """The fiches of the pages: drafts for their owner alone. No query."""
    return Fiche.objects.visibles_par(lecteur.agent).filter(demarche__in=lecteur.cles("plan.voir"))
