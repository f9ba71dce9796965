"""The perimeter of a territory at a date: its EPCI and its communes, as plain codes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

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
