"""What the plan d'actions knows when a step of the démarche is said done."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.deliberation import EtatActe
from arpent.plateforme.demarches.models import Demarche

from .deliberations import lire_attendues
from .models import Fiche

E = EtatFiche
HORS_PLAN = [E.BROUILLON.value, E.REFUSEE.value]
SANS_EXAMEN = frozenset({E.PROPOSEE.value, E.A_COMPLETER.value})


def faits_du_plan(demarche: Demarche) -> dict[str, Any]:
    """Fiches proposed, those without délibération, those not yet examined. Six queries."""
    fiches = Fiche.objects.filter(demarche=demarche).comptees().exclude(etat__in=HORS_PLAN)
    lignes = lire_attendues(fiches.order_by("numero"), date.today())
    return {
        "fiches_proposees": len(lignes),
        "fiches_sans_deliberation": tuple(str(x.fiche) for x in lignes if x.etat is EtatActe.A_PRENDRE),
        "fiches_sans_preinstruction": tuple(str(x.fiche) for x in lignes if x.fiche.etat in SANS_EXAMEN),
    }
