"""What an agent reads by the démarches of their perimeter: the directory, the journal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation, Personne
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.territoires.models import Commune, Territoire
from arpent.plateforme.territoires.perimetres import en_cours

from .models import Demarche


def voit_tout(agent: Agent) -> bool:
    return any(h.definition.portee is Portee.TOUT for h in agent.habilitations_en_cours)


def territoires_visibles(agent: Agent) -> QuerySet[Territoire]:
    """Territories of the démarches in the perimeter. No query."""
    demarches = Demarche.objects.visibles_par(agent).order_by()
    return Territoire.objects.filter(pk__in=demarches.values("territoire"))


def organisations_de_territoires(territoires: QuerySet[Territoire]) -> Q:
    """Communes, EPCI and syndicats of these territories, and who acts there; as a condition. No query."""
    le, cles = date.today(), territoires.order_by().values("pk")
    dans = Organisation.objects.order_by()
    communes = (
        Commune.objects.order_by()
        .filter(
            en_cours(le, "appartenances__", "appartenances__groupement__compositions__"),
            appartenances__groupement__compositions__territoire__in=cles,
        )
        .values("pk")
    )
    compose = dans.filter(
        en_cours(le, "groupement__compositions__"), groupement__compositions__territoire__in=cles
    )
    membre = dans.filter(
        en_cours(le, "groupement__appartenances__"), groupement__appartenances__commune__in=communes
    )
    return (
        Q(commune__in=communes)
        | Q(pk__in=compose.values("pk"))
        | Q(pk__in=membre.values("pk"))
        | Q(pk__in=dans.filter(habilitations__territoire__in=cles).values("pk"))
    )


def organisations_visibles(agent: Agent) -> QuerySet[Organisation]:
    """The bodies of the territories in the perimeter, their authorities, those who act for them. No query."""
    if voit_tout(agent):
        return Organisation.objects.all()
    demarches = Demarche.objects.visibles_par(agent).order_by()
    autorites = demarches.values("version_processus__processus__autorite")
    agissent = Organisation.objects.order_by().filter(habilitations__autorite__in=autorites)
    return Organisation.objects.filter(
        organisations_de_territoires(territoires_visibles(agent))
        | Q(pk__in=autorites)
        | Q(partenaire_de__in=autorites)
        | Q(pk__in=agissent.values("pk"))
    )


def mandats_visibles(agent: Agent) -> QuerySet[Mandat]:
    """Mandates held in a visible body. No query."""
    return Mandat.objects.filter(organisation__in=organisations_visibles(agent).order_by().values("pk"))


def personnes_visibles(agent: Agent) -> QuerySet[Personne]:
    """People who hold, or held, a mandate in a visible body. No query."""
    return Personne.objects.filter(pk__in=mandats_visibles(agent).order_by().values("personne"))


def autorites_de(agent: Agent) -> QuerySet[Organisation]:
    """The authorities the agent acts for (all of them for an administrator). No query."""
    if voit_tout(agent):
        return Organisation.objects.filter(processus__isnull=False).distinct()
    cles: list[Any] = [h.autorite_id for h in agent.habilitations_en_cours if h.autorite_id]
    return Organisation.objects.filter(pk__in=cles)


def entrees_visibles(agent: Agent) -> QuerySet[Entree]:
    """Entries of the démarches where the agent reads the journal; everything for an instance-wide role."""
    lecteurs = [h for h in agent.habilitations_en_cours if "journal.voir" in h.definition.droits]
    if any(h.definition.portee is Portee.TOUT for h in lecteurs):
        return Entree.objects.all()
    autorites = [h.autorite_id for h in lecteurs if h.definition.portee is Portee.AUTORITE]
    territoires = [h.territoire_id for h in lecteurs if h.definition.portee is Portee.TERRITOIRE]
    visibles = Demarche.objects.filter(
        Q(version_processus__processus__autorite_id__in=autorites) | Q(territoire_id__in=territoires)
    )
    return Entree.objects.filter(demarche_id__in=visibles.order_by().values("pk"))
