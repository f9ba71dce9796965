"""Launching the démarche of a territory under the process of a dispositif, from the screen or the console."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from arpent.metier.argent import formater_nombre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.territoires.models import Commune, Territoire
from arpent.plateforme.territoires.perimetres import en_cours

from ..actions import noter_place, ouvrir
from ..models import Demarche, Place, Processus
from .redaction import en_vigueur


class LancementRefuse(Exception):
    """The démarche cannot be opened; the French message says why and what to do."""


@transaction.atomic
def lancer(
    territoire: Territoire,
    processus: Processus,
    *,
    generation: str,
    ouverte_le: date,
    par: Agent | None,
    retenues: Collection[str] | None = None,
) -> Demarche:
    """Opens a démarche under the last version of the process, and says who lives there.

    LancementRefuse when the process has no version, or when the territory has a démarche of that generation.
    """
    version = en_vigueur(processus)
    if version is None:
        raise LancementRefuse("Ce processus n’a pas encore de version : publiez-en une d’abord.")
    deja = Demarche.objects.filter(
        territoire=territoire, generation=generation, version_processus__processus=processus
    )
    if deja.exists():
        raise LancementRefuse(f"{territoire.nom} a déjà une démarche {generation}.")
    demarche = ouvrir(
        territoire,
        version,
        slug=identifiant_libre(territoire.slug),
        generation=generation,
        ouverte_le=ouverte_le,
        par=par,
        retenues=retenues,
    )
    noter_place(demarche, Place.Code.TERRITOIRE, Place.Etat.FAIT, _qui_habite(territoire))
    return demarche


def territoires_a_lancer(processus: Processus) -> QuerySet[Territoire]:
    """The territories its authority may take: its own, those of its départements, those of nobody yet.

    Its départements are those of the communes where it already has a démarche.
    """
    a_elle = Q(demarches__version_processus__processus__autorite=processus.autorite_id)
    chez_elle = Commune.objects.filter(
        appartenances__groupement__compositions__territoire__in=Territoire.objects.filter(a_elle).values("pk")
    ).values("departement")
    libres = Q(demarches__isnull=True) | Q(
        compositions__groupement__appartenances__commune__departement__in=chez_elle
    )
    voulus = Territoire.objects.filter(a_elle | libres).values("pk")
    return Territoire.objects.filter(pk__in=voulus).order_by("nom", "pk")


def _qui_habite(territoire: Territoire) -> str:
    """« 17 communes, 7 353 hab. » One query."""
    membres = Commune.objects.filter(
        en_cours(date.today(), "appartenances__", "appartenances__groupement__compositions__"),
        appartenances__groupement__compositions__territoire=territoire,
    ).distinct()
    compte = Commune.objects.filter(pk__in=membres.values("pk")).aggregate(
        communes=Count("pk"), population=Sum("population")
    )
    s = "s" if compte["communes"] > 1 else ""
    return f"{compte['communes']} commune{s}, {formater_nombre(compte['population'] or 0)} hab."


def identifiant_libre(slug: str) -> str:
    """The slug of the territory, followed by a number from its second démarche on."""
    pris = set(Demarche.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidats = (slug, *(f"{slug}-{n}" for n in range(2, len(pris) + 3)))
    return next(c for c in candidats if c not in pris)
