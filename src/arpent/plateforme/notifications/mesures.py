"""The queue of mails as gauges (`socle.sante`)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import Error
from django.db.models import Count

from arpent.plateforme.socle.mesures import Jauge

from .models import Courriel

SUIVIS = (Courriel.Etat.EN_FILE, Courriel.Etat.EN_COURS, Courriel.Etat.ECHEC, Courriel.Etat.ABANDONNE)


def en_attente() -> Iterator[Jauge]:
    """Mails that are not delivered, by state. One query; nothing when the database does not answer."""
    try:
        lus = dict(
            Courriel.objects.order_by().values_list("etat").annotate(n=Count("pk")).filter(etat__in=SUIVIS)
        )
    except Error:
        return
    for etat in SUIVIS:
        etiquette = f'{{etat="{etat.value}"}}'
        yield Jauge("arpent_courriels", "Courriels qui ne sont pas remis.", lus.get(etat, 0), etiquette)
