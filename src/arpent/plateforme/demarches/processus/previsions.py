"""When each step left will be done: the steps of a démarche as `metier.processus` reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.processus import Pas, Terme, observer, prevoir_etapes

from ..models import Demarche, Etape, Place


def chemin_de(etapes: Sequence[Etape]) -> list[tuple[Etape, Pas]]:
    """The way to the signature: the dated steps that count, up to the last one of the place « contrat »."""
    suivies = [e for e in etapes if not e.hors_processus and (not e.facultative or e.retenue)]
    rangs = [i for i, e in enumerate(suivies) if e.place == Place.Code.CONTRAT]
    if not rangs:
        return []
    chemin = suivies[: rangs[-1] + 1]
    if (chemin[-1].prevue_au_depart_le or chemin[-1].prevue_le) is None:
        return []
    return [
        (e, Pas(prevue, e.faite_le))
        for e in chemin
        if (prevue := e.prevue_au_depart_le or e.prevue_le) is not None
    ]


def pas_de(etapes: Sequence[Etape]) -> tuple[Pas, ...]:
    """`chemin_de`, as the calculation reads it."""
    return tuple(pas for _, pas in chemin_de(etapes))


def rythmes_de(demarches: Sequence[Demarche], etapes: Mapping[int, Sequence[Etape]]) -> dict[int, float]:
    """The pace of each démarche that has finished a dated step. No query."""
    lus = {d.pk: observer(pas_de(etapes[d.pk]), d.ouverte_le).rythme for d in demarches}
    return {pk: rythme for pk, rythme in lus.items() if rythme is not None}


def termes_de(
    demarche: Demarche, etapes: Sequence[Etape], autres: Sequence[float], today: date
) -> dict[int, Terme]:
    """By step left on the way to the signature, its expected end. No query."""
    chemin = chemin_de(etapes)
    termes = prevoir_etapes([pas for _, pas in chemin], demarche.ouverte_le, today, autres)
    return {etape.pk: terme for (etape, _), terme in zip(chemin, termes, strict=True) if terme}


def previsions(demarche: Demarche, etapes: Sequence[Etape], today: date) -> dict[int, Terme]:
    """The same, beside the pace of the other territories of the process. Two queries; none once signed."""
    if all(pas.faite_le for pas in pas_de(etapes)):
        return {}
    autres = list(
        Demarche.objects.filter(version_processus__processus=demarche.version_processus.processus_id)
        .exclude(etat=EtatDemarche.CLOSE.value)
        .exclude(pk=demarche.pk)
        .order_by("pk")
        .only("ouverte_le")
    )
    leurs: dict[int, list[Etape]] = {d.pk: [] for d in autres}
    for etape in Etape.objects.filter(demarche__in=leurs).order_by("demarche_id", "ordre"):
        leurs[etape.demarche_id].append(etape)
    return termes_de(demarche, etapes, list(rythmes_de(autres, leurs).values()), today)
