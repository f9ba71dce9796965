"""What the negotiation knows when a step of the démarche is said done."""

from __future__ import annotations

from typing import Any

from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.demarches.models import Demarche

from .models import Accord, Scenario


def faits_de_la_negociation(demarche: Demarche) -> dict[str, Any]:
    """Whether a maquette was offered, and whether both sides agreed on it. Two queries."""
    etat = Scenario.objects.filter(demarche=demarche, est_courant=True).values_list("etat", flat=True).first()
    return {
        "maquette_offerte": etat in {EtatScenario.OFFERT.value, EtatScenario.ACCEPTE.value},
        "accord_conclu": Accord.objects.filter(demarche=demarche, leve_le__isnull=True).exists(),
    }
