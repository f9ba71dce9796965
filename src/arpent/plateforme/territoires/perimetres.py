"""The perimeter of a territory at a date: its EPCI and its communes, as plain codes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from arpent.plateforme.territoires.models import Appartenance, Composition, Territoire


@dataclass(frozen=True, slots=True)
class Perimetre:
    """`epci`: SIREN; `communes`: INSEE codes. Both sorted, without double."""

    epci: tuple[str, ...]
    communes: tuple[str, ...]


def perimetre(territoire: Territoire, le: date) -> Perimetre:
    """What composed the territory on that day. Two queries."""
    epci = Composition.objects.filter(_en_cours(le), territoire=territoire).values_list(
        "groupement", flat=True
    )
    sirens = sorted(set(epci))
    communes = Appartenance.objects.filter(_en_cours(le), groupement__in=sirens).values_list(
        "commune", flat=True
    )
    return Perimetre(tuple(sirens), tuple(sorted(set(communes))))


def _en_cours(le: date) -> Q:
    return Q(debut__lte=le) & (Q(fin__isnull=True) | Q(fin__gt=le))


def appartenances_en_cours(le: date) -> Q:
    """Filter on Appartenance: the membership and the composition of the territory both run that day."""
    composition = Q(groupement__compositions__debut__lte=le) & (
        Q(groupement__compositions__fin__isnull=True) | Q(groupement__compositions__fin__gt=le)
    )
    return _en_cours(le) & composition


def membres(territoire: Territoire, le: date) -> QuerySet[Appartenance]:
    """Communes of the territory with their groupement, by name. One query."""
    return (
        Appartenance.objects.filter(
            appartenances_en_cours(le), groupement__compositions__territoire=territoire
        )
        .select_related("commune", "groupement")
        .order_by("commune__nom", "commune_id")
    )
