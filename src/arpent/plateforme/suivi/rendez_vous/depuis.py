"""Since when a pack tells what was decided: the day of the previous meeting of that kind, or a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.quotas import TENUES


def precedente_de(reunion: Reunion, demarches: Sequence[Demarche]) -> Reunion | None:
    """The last meeting of the same kind held before, with one of these territories. One query."""
    return (
        Reunion.objects.filter(
            Q(demarche__in=demarches) | Q(autres__in=demarches),
            genre=reunion.genre,
            etat__in=[e.value for e in TENUES],
            jour__lt=reunion.jour,
        )
        .exclude(pk=reunion.pk)
        .defer("synthese", "message")
        .distinct()
        .order_by("-jour", "-pk")
        .first()
    )


def un_an_avant(jour: date) -> date:
    """The same day a year before; 28 February for a 29."""
    try:
        return jour.replace(year=jour.year - 1)
    except ValueError:
        return jour.replace(year=jour.year - 1, day=28)
