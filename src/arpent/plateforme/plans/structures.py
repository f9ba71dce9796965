"""The bodies that may own a project of a territory."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Commune
from arpent.plateforme.territoires.perimetres import en_cours

from .models import Fiche


def communes_du_territoire(demarche: Demarche) -> QuerySet[Commune]:
    """Communes of the groupements that compose the territory. No query."""
    return Commune.objects.filter(
        en_cours(date.today(), "appartenances__", "appartenances__groupement__compositions__"),
        appartenances__groupement__compositions__territoire=demarche.territoire_id,
    ).distinct()


def structures_du_territoire(demarche: Demarche) -> QuerySet[Organisation]:
    """Communes, EPCI and syndicats of the territory, those who act there, those who own a fiche. No query."""
    territoire = demarche.territoire_id
    communes = communes_du_territoire(demarche).order_by().values("pk")
    dans = Organisation.objects.order_by()
    compose = en_cours(date.today(), "groupement__compositions__")
    membre = en_cours(date.today(), "groupement__appartenances__")
    return Organisation.objects.filter(
        Q(commune__in=communes)
        | Q(pk__in=dans.filter(compose, groupement__compositions__territoire=territoire).values("pk"))
        | Q(pk__in=dans.filter(membre, groupement__appartenances__commune__in=communes).values("pk"))
        | Q(pk__in=dans.filter(habilitations__territoire=territoire).values("pk"))
        | Q(pk__in=Fiche.objects.filter(demarche=demarche).order_by().values("maitre_ouvrage"))
    )
