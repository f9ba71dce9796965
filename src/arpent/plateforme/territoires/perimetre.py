"""The perimeter of a territory at a date: its groupements, its communes. One query each."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from .models import Appartenance, Territoire


def _en_cours(prefixe: str, le: date) -> Q:
    debut, fin = f"{prefixe}debut__lte", f"{prefixe}fin"
    return Q(**{debut: le}) & (Q(**{f"{fin}__isnull": True}) | Q(**{f"{fin}__gt": le}))


def appartenances_en_cours(le: date) -> Q:
    """Filter on Appartenance: the membership and the composition of the territory both run that day."""
    return _en_cours("", le) & _en_cours("groupement__compositions__", le)


def membres(territoire: Territoire, le: date) -> QuerySet[Appartenance]:
    """Communes of the territory with their groupement, by name."""
    return (
        Appartenance.objects.filter(
            appartenances_en_cours(le), groupement__compositions__territoire=territoire
        )
        .select_related("commune", "groupement")
        .order_by("commune__nom", "commune_id")
    )
