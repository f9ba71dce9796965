"""Who prepares the pack of a meeting, who opens an avenant from one of its questions."""

from __future__ import annotations

from collections.abc import Collection

from arpent.metier.cycles import EtatContrat
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.avenants.acces import PREPARER
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.droits import peut_conduire
from arpent.plateforme.demarches.reunions.models import Reunion


def peut_preparer(agent: Agent, reunion: Reunion) -> Avis:
    """Whoever conducts the meeting over all its territories: the pack tells the projects of each."""
    return peut_conduire(agent, reunion)


def peut_ouvrir_avenant(agent: Agent, reunion: Reunion, demarche: Demarche) -> Avis:
    """The right to prepare an avenant on that territory, beside that of preparing the pack."""
    if not (avis := peut_preparer(agent, reunion)):
        return avis
    if not (avis := peut_sur(agent, PREPARER, demarche)):
        return Avis(False, f"Ouvrir un avenant n’est pas dans vos droits. {avis.raison}")
    return ACCORDE


def demarches_a_avenant(agent: Agent, reunion: Reunion, demarches: Collection[Demarche]) -> set[int]:
    """Those (pk) where this agent may open one now: a contract is in force. Two queries at most."""
    permises = [d.pk for d in demarches if peut_sur(agent, PREPARER, d)]
    if not permises or not peut_preparer(agent, reunion):
        return set()
    en_vigueur = Contrat.objects.filter(demarche__in=permises, etat=EtatContrat.EN_VIGUEUR.value)
    return set(en_vigueur.values_list("demarche_id", flat=True))
