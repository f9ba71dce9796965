"""Reading a meeting: its members by group, its agenda, what its pages count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from arpent.metier.cycles.reunion import EtatReunion
from arpent.plateforme.acteurs.models import Agent

from ..models import Demarche
from .genres import GROUPES
from .models import MembreReunion, ObjetConcerne, PieceReunion, PointOrdreDuJour, Reunion
from .models_suites import Decision, DecisionQuerySet
from .objets import adresse

P = MembreReunion.Presence


@dataclass(frozen=True, slots=True)
class Groupe:
    """The members called for one reason."""

    code: str
    libelle: str
    membres: tuple[MembreReunion, ...]


def membres_de(reunion: Reunion) -> list[MembreReunion]:
    """Those called, in the order of the lists. One query."""
    return list(reunion.membres.filter(retire=False).select_related("agent"))


def par_groupe(membres: Sequence[MembreReunion]) -> list[Groupe]:
    """In the order of GROUPES; a group without anybody is left out."""
    groupes = []
    for code, libelle in GROUPES.items():
        siens = tuple(m for m in membres if m.groupe == code)
        if siens:
            groupes.append(Groupe(code, libelle, siens))
    return groupes


def points_de(reunion: Reunion) -> list[PointOrdreDuJour]:
    """The agenda with its decisions and files. Three queries."""
    return list(
        reunion.points.prefetch_related(
            Prefetch("decisions", Decision.objects.order_by("numero")),
            Prefetch("pieces", PieceReunion.objects.filter(retiree_le=None)),
        )
    )


@dataclass(frozen=True, slots=True)
class Presences:
    """How many of each."""

    conviees: int
    presentes: int
    representees: int
    excusees: int
    absentes: int

    @property
    def notees(self) -> int:
        return self.presentes + self.representees + self.excusees + self.absentes


def presences(membres: Sequence[MembreReunion]) -> Presences:
    compte = Counter(m.presence for m in membres)
    return Presences(
        len(membres), compte[P.PRESENT], compte[P.REPRESENTE], compte[P.EXCUSE], compte[P.ABSENT]
    )


def dire_presence(membre: MembreReunion) -> str:
    """« présent », « représenté par Lucie Test », empty while unknown."""
    if membre.presence == P.REPRESENTE and membre.represente_par:
        return f"représenté par {membre.represente_par}"
    return str(membre.get_presence_display()) if membre.presence else ""


def heure_de(reunion: Reunion) -> str:
    """« 18 h 30 », empty without an hour."""
    if reunion.heure is None:
        return ""
    minutes = f"\N{NO-BREAK SPACE}{reunion.heure.minute:02d}" if reunion.heure.minute else ""
    return f"{reunion.heure.hour}\N{NO-BREAK SPACE}h{minutes}"


def duree_de(minutes: int | None) -> str:
    """« 2 h », « 1 h 30 », « 45 min », empty when unknown."""
    if not minutes:
        return ""
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}\N{NO-BREAK SPACE}min"
    return f"{heures}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{reste:02d}" if reste else "")


def demarche_pour(reunion: Reunion, visibles: Mapping[int, Demarche]) -> Demarche | None:
    """Through which of its démarches a person reads the meeting: the one that holds it, else another.

    No query for one held by a visible démarche; one otherwise, unless `autres` was prefetched.
    """
    if hote := visibles.get(reunion.demarche_id):
        return hote
    return next((visibles[d.pk] for d in reunion.autres.all() if d.pk in visibles), None)


def reunions_conviees(agent: Agent, depuis: date, jusqu_a: date) -> QuerySet[Reunion]:
    """Meetings convened on those days that the agent is called to, with their démarches. Two queries."""
    convie = MembreReunion.objects.filter(agent=agent, retire=False).order_by().values("reunion_id")
    return (
        Reunion.objects.filter(pk__in=convie, etat=EtatReunion.CONVOQUEE.value, jour__range=(depuis, jusqu_a))
        .defer("synthese", "message")
        .prefetch_related("autres")
        .order_by("jour", "pk")
    )


def comptes_rendus_valides(demarche: Demarche) -> dict[str, int]:
    """How many meetings of each kind were held, their minutes validated: what a step may ask. One query."""
    tenues = Reunion.objects.de(demarche).filter(etat__in=(EtatReunion.VALIDEE, EtatReunion.ENVOYEE))
    return dict(Counter(tenues.order_by().values_list("genre", flat=True)))


def decisions_sur(genre: str, pk: int) -> DecisionQuerySet:
    """Those about one object, the latest first, with their meeting."""
    return (
        Decision.objects.filter(objet_genre=genre, objet_id=pk)
        .select_related("reunion__demarche")
        .defer("reunion__synthese", "reunion__message")
        .order_by("-reunion__jour", "-pk")
    )


def decisions_par_objet(demarche: Demarche, genre: str) -> dict[int, list[Decision]]:
    """Those of the démarche about the objects of one kind, by the number of the object. One query."""
    par_objet: dict[int, list[Decision]] = {}
    lues = Decision.objects.de(demarche).filter(objet_genre=genre, objet_id__isnull=False)
    for lue in (
        lues.select_related("reunion__demarche")
        .defer("reunion__synthese", "reunion__message")
        .order_by("-reunion__jour", "-pk")
    ):
        par_objet.setdefault(lue.objet_id or 0, []).append(lue)
    return par_objet


def adresse_objet(demarche: Demarche, porteur: ObjetConcerne) -> str:
    """Where the object is read; empty without one. `demarche`: the one that holds the meeting."""
    return adresse(porteur.objet_demarche or demarche, porteur.objet_genre, porteur.objet_id)
