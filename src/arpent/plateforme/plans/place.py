"""What the thread says of the plan d'actions."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from arpent.metier.argent import formater_nombre
from arpent.metier.cycles import EtatFiche
from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Demarche, Place

from .models import Fiche, est_a_part

E = EtatFiche
TRANCHEES = [e.value for e in (E.RETENUE, E.DIFFEREE, E.REFUSEE, E.CONTRACTUALISEE)]


def noter_plan(demarche: Demarche) -> None:
    """Keeps the state and the one line of the place "plan". Three queries."""
    bilan = (
        Fiche.objects.filter(demarche=demarche)
        .comptees()
        .exclude(est_a_part())
        .aggregate(
            total=Count("pk"), tranchees=Count("pk", filter=Q(etat__in=TRANCHEES)), cout=Sum("cout_ht")
        )
    )
    total = bilan["total"]
    if not total:
        noter_place(demarche, Place.Code.PLAN, Place.Etat.A_VENIR, "")
        return
    etat = Place.Etat.FAIT if bilan["tranchees"] == total else Place.Etat.EN_COURS
    s = "s" if total > 1 else ""
    resume = f"{total} fiche{s}, {formater_nombre(bilan['cout'] / 1_000_000, 1)} M€"
    noter_place(demarche, Place.Code.PLAN, etat, resume)
