"""Who notes the vote of a party: its own people, and the authority."""

from __future__ import annotations

from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .models import Partie

NOTER = "deliberation.noter"


def peut_noter_vote(agent: Agent, partie: Partie, demarche: Demarche) -> Avis:
    """The agents of the party on that territory, and those of the authority. No query."""
    if not (avis := peut_sur(agent, NOTER, demarche)):
        return avis
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if NOTER not in definition.droits:
            continue
        if definition.portee is Portee.TOUT:
            return ACCORDE
        if definition.portee is Portee.AUTORITE:
            if habilitation.autorite_id == demarche.autorite.pk:
                return ACCORDE
        elif (
            habilitation.territoire_id == demarche.territoire_id
            and habilitation.organisation_id == partie.organisation_id
        ):
            return ACCORDE
    return Avis(
        False,
        f"Ce vote est celui de {partie.organisation.nom} : ses agents le notent, ou le chef de projet "
        "territorial.",
    )
