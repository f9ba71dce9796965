"""The model milestones of a project, as its dispositif declares them."""

from __future__ import annotations

from arpent.metier.avancement import JalonType
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.suivi import lire_modele_suivi


def jalons_types(fiche: Fiche) -> tuple[JalonType, ...]:
    """Those of the kind of expense of the fiche. No query when its démarche is loaded with its context."""
    parametres = fiche.demarche.processus.dispositif.parametres
    return lire_modele_suivi(parametres.get("suivi") or {}).jalons[fiche.nature_depense]
