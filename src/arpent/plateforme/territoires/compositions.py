"""The dated composition of the EPCI: what a published composition changes in the memberships.

A composition says, on 1 January of a year, which EPCI each commune is in. Compositions may be applied in any
order: each one only settles the time between its own day and the next day that is already known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q

from arpent.plateforme.journal.actions import Auteur, consigner

from .models import Appartenance, Commune, Groupement

FISCALITE_PROPRE = ("CC", "CA", "CU", "METRO", "MET69", "SAN")
PAR_LOT = 500


@dataclass(slots=True)
class CompositionAppliquee:
    """What changed. `inconnues`: communes of the composition that the database does not hold."""

    ouvertes: int = 0
    fermees: int = 0
    inchangees: int = 0
    groupements_crees: list[str] = field(default_factory=list)
    inconnues: list[str] = field(default_factory=list)


@transaction.atomic
def appliquer_composition(
    annee: int,
    paires: Iterable[tuple[str, str]],
    *,
    par: Auteur | None = None,
    noms: Mapping[str, tuple[str, str]] | None = None,
) -> CompositionAppliquee:
    """Makes the memberships say that on 1 January `annee` each commune is in that EPCI. Idempotent.

    `paires`: (commune code, SIREN), one EPCI per commune. `noms`: SIREN to (name, nature) of the EPCI that
    the database may not know yet. Syndicats are not touched, past periods are never erased: a membership that
    ends is closed, one that begins is opened until the next period known of that commune.
    """
    jour = date(annee, 1, 1)
    voulus = dict(paires)
    bilan = CompositionAppliquee()
    connues = set(Commune.objects.filter(code__in=voulus).values_list("code", flat=True))
    bilan.inconnues = sorted(set(voulus) - connues)
    voulus = {code: siren for code, siren in voulus.items() if code in connues}
    bilan.groupements_crees = _creer_les_groupements(set(voulus.values()), noms or {})
    periodes: dict[str, list[Appartenance]] = defaultdict(list)
    for appartenance in (
        Appartenance.objects.select_for_update(of=("self",))
        .filter(Q(groupement__nature__in=FISCALITE_PROPRE) | Q(groupement__in=set(voulus.values())))
        .filter(commune__in=voulus)
        .order_by("commune_id", "debut", "pk")
    ):
        periodes[appartenance.commune_id].append(appartenance)
    touches: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"entrees": [], "sorties": []})
    neuves: list[Appartenance] = []
    for code, siren in sorted(voulus.items()):
        en_cours = [p for p in periodes[code] if p.debut <= jour and (p.fin is None or p.fin > jour)]
        if any(p.groupement_id == siren for p in en_cours):
            bilan.inchangees += 1
        else:
            suivantes = [p.debut for p in periodes[code] if p.debut > jour]
            fins = [p.fin for p in en_cours if p.fin is not None]
            neuves.append(
                Appartenance(
                    commune_id=code, groupement_id=siren, debut=jour, fin=min(suivantes + fins, default=None)
                )
            )
            touches[siren]["entrees"].append(code)
            bilan.ouvertes += 1
        for ancienne in (p for p in en_cours if p.groupement_id != siren):
            _fermer(ancienne, jour)
            touches[ancienne.groupement_id]["sorties"].append(code)
            bilan.fermees += 1
    Appartenance.objects.bulk_create(neuves, batch_size=PAR_LOT)
    _consigner(annee, touches, par)
    return bilan


def _fermer(appartenance: Appartenance, jour: date) -> None:
    """Ends a membership that day; one that began that very day was a mistake (the journal keeps it)."""
    if appartenance.debut == jour:
        appartenance.delete()
        return
    appartenance.fin = jour
    appartenance.save(update_fields=["fin"])


def _creer_les_groupements(sirens: set[str], noms: Mapping[str, tuple[str, str]]) -> list[str]:
    connus = set(Groupement.objects.filter(siren__in=sirens).values_list("siren", flat=True))
    nouveaux = sorted(sirens - connus)
    Groupement.objects.bulk_create(
        (
            Groupement(
                siren=siren, nom=noms.get(siren, (f"EPCI {siren}", ""))[0][:200], nature=_nature(siren, noms)
            )
            for siren in nouveaux
        ),
        batch_size=PAR_LOT,
    )
    return nouveaux


def _nature(siren: str, noms: Mapping[str, tuple[str, str]]) -> str:
    """As published (« ME » and « M » are the métropoles); a community of communes when it is not said."""
    nature = noms.get(siren, ("", ""))[1].upper()
    return {"ME": "METRO", "M": "METRO", "": "CC"}.get(nature, nature)[:10]


def _consigner(annee: int, touches: Mapping[str, dict[str, list[str]]], par: Auteur | None) -> None:
    groupements = Groupement.objects.in_bulk(list(touches))
    for siren in sorted(touches):
        consigner(
            "appliquer_composition",
            sur=groupements[siren],
            par=par,
            libelle=f"Composition de {groupements[siren].nom} au 1er janvier {annee}",
            apres={"annee": annee, **touches[siren]},
        )
