"""The frame of an evaluation: that of the dispositif until it begins, then its own for good."""

from __future__ import annotations

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.evaluation import (
    ModeleEvaluation,
    definition_evaluation,
    lire_modele_evaluation,
)

from ..models import CadreEvaluation


def cadre_de(demarche: Demarche) -> ModeleEvaluation:
    """One query, and another for the dispositif while nothing is frozen."""
    fige = CadreEvaluation.objects.filter(demarche=demarche).first()
    if fige is not None:
        return lire_modele_evaluation(fige.definition)
    return lire_modele_evaluation(demarche.processus.dispositif.parametres.get("evaluation") or {})


def figer(demarche: Demarche) -> CadreEvaluation:
    """Keeps the frame of the day, once. Call it in the transaction of the first gesture."""
    definition = definition_evaluation(demarche.processus.dispositif.parametres.get("evaluation") or {})
    fige, _ = CadreEvaluation.objects.get_or_create(demarche=demarche, defaults={"definition": definition})
    return fige
