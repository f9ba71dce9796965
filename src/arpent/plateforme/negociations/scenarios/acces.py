"""Whose scenario it is: each side sees its own, and what the other side chose to show."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.droits import ACCORDE, Avis, peut_partout
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.numeros import identifiant

from ..models import Camp, Scenario

PREPARER = "scenario.preparer"
LIRE = {Camp.AUTORITE: "scenario.lire_autorite", Camp.TERRITOIRE: "scenario.lire_territoire"}


def camps_de(agent: Agent, demarche: Demarche) -> list[Camp]:
    """The sides whose private scenarios this agent reads. No query."""
    return [camp for camp, droit in LIRE.items() if peut_sur(agent, droit, demarche)]


def camp_de(agent: Agent, demarche: Demarche) -> Camp:
    """The side this agent writes for: the authority when it belongs to both."""
    return next(iter(camps_de(agent, demarche)), Camp.TERRITOIRE)


def visibles(agent: Agent, demarche: Demarche) -> QuerySet[Scenario]:
    """Variants this agent may read: those of its side, and the shared ones."""
    return (
        Scenario.objects.filter(demarche=demarche, est_courant=False)
        .filter(Q(partage=True) | Q(camp__in=camps_de(agent, demarche)))
        .select_related(
            "auteur",
            "ensemble__dispositif",
            "demarche__territoire",
            "demarche__version_processus__processus__dispositif__autorite",
        )
    )


def trouver(agent: Agent, demarche: Demarche, code: str) -> Scenario | None:
    """The variant of that number that this agent may read. One query, or none."""
    pk = identifiant(code)
    return None if pk is None else visibles(agent, demarche).filter(pk=pk).first()


def peut_preparer(agent: Agent, scenario: Scenario, demarche: Demarche) -> Avis:
    """Whether this agent may change that variant: the right, and its own side's."""
    if not (avis := peut_sur(agent, PREPARER, demarche)):
        return avis
    if scenario.camp not in camps_de(agent, demarche):
        return Avis(
            False, "Ce scénario est celui de l’autre partie : copiez-le pour travailler sur le vôtre."
        )
    return ACCORDE


def peut_partout_lire(agent: Agent, demarche: Demarche) -> Avis:
    """Whether this agent reads the ensembles of the dispositif of that démarche."""
    return peut_partout(agent, LIRE[Camp.AUTORITE], demarche.autorite.pk)


def peut_nommer(agent: Agent, scenario: Scenario, demarche: Demarche) -> Avis:
    """Whether this agent may name, show or delete it: a part of an ensemble follows its ensemble."""
    if not (avis := peut_preparer(agent, scenario, demarche)):
        return avis
    if scenario.ensemble is not None:
        return Avis(
            False,
            f"Ce scénario est la part de ce territoire dans l’ensemble « {scenario.ensemble.nom} » : "
            "renommez-le, montrez-le ou supprimez-le depuis la page de cet ensemble.",
        )
    return ACCORDE
