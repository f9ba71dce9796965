"""Who may write, publish and read the drafts of a règlement."""

from __future__ import annotations

from arpent.plateforme.acteurs.droits import ACCORDE, Avis, peut
from arpent.plateforme.acteurs.models import Agent

from .models import BrouillonReglement, Dispositif


def peut_rediger(agent: Agent, dispositif: Dispositif) -> Avis:
    """Those who write for the authority of the dispositif. No query."""
    return peut(agent, "reglement.rediger", autorite_id=dispositif.autorite_id)


def peut_publier(agent: Agent, dispositif: Dispositif) -> Avis:
    return peut(agent, "reglement.publier", autorite_id=dispositif.autorite_id)


def est_modifiable(brouillon: BrouillonReglement) -> Avis:
    """A draft that is published or abandoned is only read."""
    if brouillon.etat == BrouillonReglement.Etat.REDACTION:
        return ACCORDE
    if brouillon.etat == BrouillonReglement.Etat.PUBLIE:
        return Avis(False, "Ce brouillon est publié : ouvrez-en un nouveau à partir de la version publiée.")
    return Avis(False, "Ce brouillon est abandonné : reprenez-le pour le modifier.")
