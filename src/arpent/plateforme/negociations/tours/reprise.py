"""Taking lines of the counter-offer into the maquette in progress, each under the rules of a typed amount."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion

from ..actions import ArbitrageRefuse, proposer, scenario_courant
from ..models import Camp, Proposition
from .actions import dernier_tour, lignes_du_tour


@dataclass(frozen=True, slots=True)
class ReprisePositions:
    """Numbers of fiches taken, and those refused with the reason."""

    reprises: tuple[int, ...]
    refusees: tuple[tuple[Fiche, str], ...]


@transaction.atomic
def reprendre_positions(
    demarche: Demarche, fiches: Collection[int], *, par: Agent | None
) -> ReprisePositions:
    """The last counter-offer, on those fiches (pk). A line that the règlement refuses stays as it is."""
    tour = dernier_tour(demarche.pk, Camp.TERRITOIRE)
    if tour is None:
        raise ArbitrageRefuse("Le territoire n’a pas envoyé de contre-offre.")
    courant = scenario_courant(demarche, par)
    voulues = {x.fiche_id: x for x in lignes_du_tour(tour) if x.fiche_id in set(fiches)}
    connues = {p.fiche_id: p for p in Proposition.objects.filter(scenario=courant)}
    reprises: list[int] = []
    refusees: list[tuple[Fiche, str]] = []
    for fiche in Fiche.objects.filter(demarche=demarche, pk__in=voulues).comptees().order_by("numero"):
        x, en_base = voulues[fiche.pk], connues.get(fiche.pk)
        try:
            with transaction.atomic():
                proposer(
                    courant, fiche, x.montant, x.annee, x.decision,
                    version_lue=en_base.version if en_base else 0, par=par,
                )  # fmt: skip
        except (ArbitrageRefuse, ConflitDeVersion) as refus:
            refusees.append((fiche, str(refus)))
        else:
            reprises.append(fiche.numero)
    return ReprisePositions(tuple(reprises), tuple(refusees))
