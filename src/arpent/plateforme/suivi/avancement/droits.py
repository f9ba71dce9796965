"""Who may say where a project stands: its owner, its territory, the authority."""

from __future__ import annotations

from arpent.plateforme.acteurs.droits import ACCORDE, Avis, organisations_de
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche

NOTER = "avancement.noter"
VOIR = "realisation.voir"


def est_suivie(fiche: Fiche) -> bool:
    """A project is followed once it is retained or in the contract."""
    return fiche.etat in ETATS_ENGAGES


def peut_noter(agent: Agent, fiche: Fiche) -> Avis:
    """No query when the fiche is loaded with its démarche and owner."""
    if not (avis := peut_sur(agent, NOTER, fiche.demarche)):
        return avis
    siennes = organisations_de(agent, fiche.demarche.territoire_id)
    if siennes is not None and fiche.maitre_ouvrage_id not in siennes:
        return Avis(
            False,
            f"Ce projet est celui de {fiche.maitre_ouvrage.nom} : son avancement est tenu par cette "
            "structure, l’intercommunalité ou l’autorité.",
        )
    return ACCORDE


def pas_encore(fiche: Fiche) -> str:
    """Why nothing can be noted on that fiche yet; empty once it is followed."""
    if est_suivie(fiche):
        return ""
    etat = fiche.get_etat_display().lower()
    return f"La fiche est « {etat} » : l’avancement se note une fois le projet retenu."
