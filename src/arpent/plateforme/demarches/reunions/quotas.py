"""The meetings that a process asks for each year, beside those that were held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.cycles.reunion import EtatReunion
from arpent.metier.processus import Quota, Seance, par_an_attendu, suivre

from ..models import Demarche, Etape, Place, VersionProcessus, etapes_attendues
from .genres import Genre, genres_decrits
from .models import Reunion

E = EtatReunion
TENUES = frozenset({E.TENUE, E.REDIGEE, E.VALIDEE, E.ENVOYEE})
APRES_SIGNATURE = frozenset({Place.Code.REALISATION.value, Place.Code.BILAN.value})
"""A kind that only steps of these places name is due once the contract is signed."""


@dataclass(frozen=True, slots=True)
class QuotaLu:
    """A kind of meeting and where it stands in the year."""

    genre: Genre
    quota: Quota

    @property
    def en_retard(self) -> bool:
        return self.quota.retard > 0


@dataclass(frozen=True, slots=True)
class Lecture:
    """Everything the count reads about some démarches, so that each is then counted without a query."""

    definitions: Mapping[int, Mapping[str, Any]]
    seances: Mapping[tuple[int, str], Mapping[int, Seance]]
    signees: Mapping[int, date]
    today: date

    def de(self, demarche: Demarche) -> list[QuotaLu]:
        """The kinds that a démarche must hold each year, in the order of its process."""
        if demarche.etat == EtatDemarche.CLOSE:
            return []
        definition = self.definitions[demarche.version_processus_id]
        lus = []
        for genre in genres_decrits(definition):
            nombre = par_an_attendu(genre.frequence, genre.par_an, genre.echelle)
            depuis = self._depuis(demarche, genre, definition)
            if nombre is not None and depuis is not None:
                seances = self.seances.get((demarche.pk, genre.code), {})
                lus.append(QuotaLu(genre, suivre(nombre, depuis, seances.values(), self.today)))
        return lus

    def ensemble(self, demarches: Sequence[Demarche]) -> list[QuotaLu]:
        """The kinds that several territories attend together, counted once for all these démarches."""
        vives = [d for d in demarches if d.etat != EtatDemarche.CLOSE]
        par_genre: dict[str, Genre] = {}
        depuis: dict[str, date] = {}
        seances: dict[str, dict[int, Seance]] = defaultdict(dict)
        for demarche in vives:
            definition = self.definitions[demarche.version_processus_id]
            for genre in genres_decrits(definition):
                debut = self._depuis(demarche, genre, definition)
                if genre.echelle == "territoire" or debut is None:
                    continue
                par_genre[genre.code] = genre
                depuis[genre.code] = min(debut, depuis.get(genre.code, debut))
                seances[genre.code] |= self.seances.get((demarche.pk, genre.code), {})
        return [
            QuotaLu(genre, suivre(nombre, depuis[code], seances[code].values(), self.today))
            for code, genre in par_genre.items()
            if (nombre := par_an_attendu(genre.frequence, genre.par_an, genre.echelle, ensemble=True))
        ]

    def _depuis(self, demarche: Demarche, genre: Genre, definition: Mapping[str, Any]) -> date | None:
        """The opening; the signature for a kind of the implementation, None before it."""
        if _suit_la_signature(genre, definition):
            return self.signees.get(demarche.pk)
        return demarche.ouverte_le


def _suit_la_signature(genre: Genre, definition: Mapping[str, Any]) -> bool:
    """Whether only steps of the implementation are held in such a meeting."""
    places = {
        etape.get("place") or ""
        for phase in definition.get("phases") or ()
        for etape in phase.get("etapes") or ()
        if etape.get("reunion") == genre.code
    }
    return bool(places) and places <= APRES_SIGNATURE


def lire(demarches: Sequence[Demarche], today: date) -> Lecture:
    """One query, whatever the number of démarches; two more when a process asks for meetings each year."""
    ids = [d.pk for d in demarches]
    versions = {d.version_processus_id for d in demarches}
    definitions = dict(VersionProcessus.objects.filter(pk__in=versions).values_list("pk", "definition"))
    comptes = [
        (genre, definition)
        for definition in definitions.values()
        for genre in genres_decrits(definition)
        if par_an_attendu(genre.frequence, genre.par_an, genre.echelle)
    ]
    suivent = any(_suit_la_signature(*compte) for compte in comptes)
    return Lecture(
        definitions, _seances(ids, today) if comptes else {}, _signees(ids) if suivent else {}, today
    )


def quotas_de(demarche: Demarche, today: date) -> list[QuotaLu]:
    """Those of one démarche. Three queries at most."""
    return lire([demarche], today).de(demarche)


def _seances(demarches: Sequence[int], today: date) -> dict[tuple[int, str], dict[int, Seance]]:
    """By démarche and kind, those it holds and those it attends, since the year before. One query."""
    depuis = date(today.year - 1, 1, 1)
    champs = ("genre", "jour", "etat")
    siennes = Reunion.objects.filter(demarche__in=demarches, jour__gte=depuis).order_by()
    suivies = Reunion.autres.through.objects.filter(
        demarche__in=demarches, reunion__jour__gte=depuis
    ).order_by()
    lues = siennes.values_list("demarche_id", "pk", *champs).union(
        suivies.values_list("demarche_id", "reunion_id", *(f"reunion__{c}" for c in champs))
    )
    seances: dict[tuple[int, str], dict[int, Seance]] = defaultdict(dict)
    for demarche, pk, genre, jour, etat in lues:
        if etat != E.ANNULEE:
            seances[demarche, genre][pk] = Seance(jour, etat in TENUES)
    return seances


def _signees(demarches: Sequence[int]) -> dict[int, date]:
    """The day the last step of the contract was done, once all of them are. One query."""
    lues = (
        Etape.objects.filter(demarche__in=demarches, place=Place.Code.CONTRAT.value, hors_processus=False)
        .order_by()
        .values("demarche_id")
    )
    faites = lues.annotate(le=Max("faite_le"), restent=Count("pk", filter=etapes_attendues()))
    return {r["demarche_id"]: r["le"] for r in faites if r["le"] is not None and not r["restent"]}
