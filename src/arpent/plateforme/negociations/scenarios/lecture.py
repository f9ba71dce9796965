"""What the pages of the scenarios print: the list with its totals, one scenario and why each fiche is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche

from ..enveloppes import montant_des, parts_de
from ..models import Proposition, Scenario
from ..ouverture import trouver_scenario
from ..passerelle import LigneArbitrage, lignes_de
from .acces import visibles

COURANT = "courant"
RETENUE = Proposition.Decision.RETENUE.value


@dataclass(frozen=True, slots=True)
class Resume:
    """One scenario of the list. `solde` None: no envelope."""

    scenario: Scenario
    total: Decimal
    travaux: Decimal
    nombre: int
    solde: Decimal | None

    @property
    def nom(self) -> str:
        return "Maquette en cours" if self.scenario.est_courant else self.scenario.nom


def _avec_totaux(
    scenarios: Sequence[Scenario], demarche: Demarche, enveloppe: Decimal | None
) -> list[Resume]:
    """Totals of each, over the fiches that still count. One query."""
    fiches = Fiche.objects.filter(demarche=demarche).comptees().values("pk")
    compte = Q(decision=RETENUE, montant__gt=0)
    totaux = {
        ligne["scenario"]: (ligne["total"], ligne["travaux"], ligne["nombre"])
        for ligne in Proposition.objects.filter(scenario__in=[s.pk for s in scenarios], fiche__in=fiches)
        .order_by()
        .values("scenario")
        .annotate(
            total=Sum("montant", filter=compte, default=ZERO),
            nombre=Count("pk", filter=compte),
            travaux=Sum("fiche__cout_ht", filter=compte, default=ZERO),
        )
    }
    resumes = []
    for s in scenarios:
        total, travaux, nombre = totaux.get(s.pk, (ZERO, ZERO, 0))
        resumes.append(Resume(s, total, travaux, nombre, None if enveloppe is None else enveloppe - total))
    return resumes


def liste(agent: Agent, demarche: Demarche) -> tuple[list[Resume], Decimal | None]:
    """The maquette in progress first, then the variants this agent may read, the latest first. 4 queries."""
    enveloppe = montant_des(parts_de(demarche))
    courant = trouver_scenario(demarche)
    scenarios = ([courant] if courant else []) + list(visibles(agent, demarche).order_by("-pk"))
    return _avec_totaux(scenarios, demarche, enveloppe), enveloppe


def tous(demarche: Demarche) -> list[Resume]:
    """Every scenario of a démarche, for the console. 3 queries."""
    scenarios = list(Scenario.objects.filter(demarche=demarche).order_by("-est_courant", "-pk"))
    return _avec_totaux(scenarios, demarche, montant_des(parts_de(demarche)))


@dataclass(frozen=True, slots=True)
class Contenu:
    """The lines of a scenario: kept, then out with the reason."""

    retenues: tuple[LigneArbitrage, ...]
    dehors: tuple[LigneArbitrage, ...]
    total: Decimal
    travaux: Decimal
    enveloppe: Decimal | None

    @property
    def solde(self) -> Decimal | None:
        return None if self.enveloppe is None else self.enveloppe - self.total


def contenu_de(scenario: Scenario, le: date) -> Contenu:
    lignes = lignes_de(scenario, le)
    retenues = tuple(x for x in lignes if x.ligne.aide_comptee > 0)
    return Contenu(
        retenues=retenues,
        dehors=tuple(x for x in lignes if x.ligne.aide_comptee == 0),
        total=sum((x.ligne.aide_comptee for x in retenues), ZERO),
        travaux=sum((x.ligne.cout_ht for x in retenues), ZERO),
        enveloppe=montant_des(parts_de(scenario.demarche)),
    )
