"""Taking lines of the counter-offer into the maquette in progress, each under the rules of a typed amount."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche

from ..actions import ArbitrageRefuse, scenario_courant
from ..models import Camp, Proposition
from ..propositions import Demande, Valeurs, enregistrer_lignes
from .actions import dernier_tour, lignes_du_tour

NEGOCIES = ("montant", "annee", "decision")
"""What a round speaks of: the base, the priority and the reason of the maquette stay."""


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
    choisies = Fiche.objects.filter(demarche=demarche, pk__in=voulues).comptees().order_by("numero")
    demandes = []
    for fiche in choisies:
        position, en_base = voulues[fiche.pk], connues.get(fiche.pk)
        voulu = Valeurs(position.montant, position.annee, position.decision)
        demandes.append(Demande(fiche, voulu, en_base.version if en_base else 0, champs=NEGOCIES))
    issues = enregistrer_lignes(courant, demandes, par=par)
    refusees = [(d.fiche, str(x)) for d in demandes if isinstance(x := issues[d.fiche.pk], Exception)]
    reprises = [d.fiche.numero for d in demandes if isinstance(issues[d.fiche.pk], Proposition)]
    return ReprisePositions(tuple(reprises), tuple(refusees))
