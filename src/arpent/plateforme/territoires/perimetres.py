"""The perimeter of a territory at a date: its EPCI and its communes, as plain codes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from .compositions import FISCALITE_PROPRE
from .models import Adjacence, Appartenance, Commune, Composition, Territoire


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


def en_cours(le: date, *prefixes: str) -> Q:
    """Filter on rows with `debut` and `fin`: they run that day. `prefixes`: the paths to them, "" by default.

    `fin` alone does not tell: a composition decided for next year has no end and has not begun.
    """
    condition = Q()
    for prefixe in prefixes or ("",):
        fin = Q(**{f"{prefixe}fin__isnull": True}) | Q(**{f"{prefixe}fin__gt": le})
        condition &= Q(**{f"{prefixe}debut__lte": le}) & fin
    return condition


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


@dataclass(frozen=True, slots=True)
class CommuneLue:
    code: str
    nom: str
    departement: str
    population: int | None


@dataclass(frozen=True, slots=True)
class EpciLu:
    """An EPCI and its communes on a day, by name."""

    siren: str
    nom: str
    communes: tuple[CommuneLue, ...]

    @property
    def population(self) -> int | None:
        """None as soon as one commune is not known."""
        return population_de(self.communes)

    @property
    def departement(self) -> str:
        """Where most of its inhabitants live."""
        cumuls: dict[str, int] = {}
        for c in self.communes:
            cumuls[c.departement] = cumuls.get(c.departement, 0) + (c.population or 0) + 1
        return max(cumuls, key=lambda d: (cumuls[d], d), default="")


def population_de(communes: Sequence[CommuneLue]) -> int | None:
    connues = [c.population for c in communes if c.population is not None]
    return sum(connues) if communes and len(connues) == len(communes) else None


def epci_au(le: date, departements: Collection[str], *, avec: Collection[str] = ()) -> tuple[EpciLu, ...]:
    """The EPCI that day with a commune in these départements, whole; and those named. By name. One query."""
    ici = Appartenance.objects.filter(
        _en_cours(le), groupement__nature__in=FISCALITE_PROPRE, commune__departement__in=departements
    ).values("groupement")
    lignes = (
        Appartenance.objects.filter(_en_cours(le), groupement__nature__in=FISCALITE_PROPRE)
        .filter(Q(groupement__in=ici) | Q(groupement__in=avec))
        .order_by("groupement__nom", "groupement_id", "commune__nom", "commune_id")
        .values_list(
            "groupement_id",
            "groupement__nom",
            "commune_id",
            "commune__nom",
            "commune__departement",
            "commune__population",
        )
    )
    noms: dict[str, str] = {}
    membres: dict[str, list[CommuneLue]] = {}
    for siren, nom, code, nom_commune, departement, population in lignes:
        noms[siren] = nom
        membres.setdefault(siren, []).append(CommuneLue(code, nom_commune, departement, population))
    return tuple(EpciLu(siren, nom, tuple(membres[siren])) for siren, nom in noms.items())


def communes_sans_epci(le: date, departements: Collection[str]) -> tuple[CommuneLue, ...]:
    """Communes of these départements that belong to no EPCI that day. One query."""
    prise = Appartenance.objects.filter(
        _en_cours(le), groupement__nature__in=FISCALITE_PROPRE, commune=OuterRef("pk")
    )
    lignes = Commune.objects.filter(~Exists(prise), departement__in=departements).order_by("nom", "code")
    return tuple(CommuneLue(*x) for x in lignes.values_list("code", "nom", "departement", "population"))


@dataclass(frozen=True, slots=True)
class Prise:
    """An EPCI that a territory holds, from `debut` on, now or later."""

    siren: str
    territoire: str
    territoire_id: int
    debut: date


def prises(le: date, territoires: Collection[int]) -> tuple[Prise, ...]:
    """The EPCI held by these territories that day or after it. One query."""
    lignes = (
        Composition.objects.filter(Q(fin__isnull=True) | Q(fin__gt=le), territoire__in=territoires)
        .order_by("territoire__nom", "territoire_id", "groupement_id", "debut")
        .values_list("groupement_id", "territoire__nom", "territoire_id", "debut")
    )
    return tuple(Prise(*x) for x in lignes)


def ilots(communes: Collection[str]) -> tuple[frozenset[str], ...]:
    """The parts in one piece, the largest first (by number of communes). One query."""
    codes = set(communes)
    voisines: dict[str, set[str]] = {c: set() for c in codes}
    for a, b in Adjacence.objects.filter(commune_a__in=codes).values_list("commune_a_id", "commune_b_id"):
        if b in codes:
            voisines[a].add(b)
            voisines[b].add(a)
    parties: list[frozenset[str]] = []
    restantes = set(codes)
    while restantes:
        partie, bord = set(), {min(restantes)}
        while bord:
            partie |= bord
            bord = {v for c in bord for v in voisines[c]} - partie
        restantes -= partie
        parties.append(frozenset(partie))
    return tuple(sorted(parties, key=lambda p: (-len(p), min(p))))
