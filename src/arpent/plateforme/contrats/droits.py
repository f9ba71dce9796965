"""Who notes the vote of a party, follows its signature, signs for it."""

from __future__ import annotations

from arpent.plateforme.acteurs.designations import peut_tenir
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent, Designation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .models import Partie

NOTER = "deliberation.noter"
SIGNER, SUIVRE, CONCLURE = "contrat.signer", "signature.suivre", "contrat.conclure"


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


def _pour_ce_corps(agent: Agent, droit: str, partie: Partie, demarche: Demarche) -> bool:
    """Whether a habilitation of that right is held for the very body of the party, on that territory."""
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if droit not in definition.droits or habilitation.organisation_id != partie.organisation_id:
            continue
        if definition.portee is Portee.AUTORITE:
            if habilitation.autorite_id == demarche.autorite.pk:
                return True
        elif habilitation.territoire_id == demarche.territoire_id:
            return True
    return False


def peut_signer(agent: Agent, partie: Partie, demarche: Demarche) -> Avis:
    """Whoever represents the party itself; nobody signs for another body. No query."""
    if not (avis := peut_sur(agent, SIGNER, demarche)):
        return avis
    if _pour_ce_corps(agent, SIGNER, partie, demarche):
        return peut_tenir(agent, partie.organisation, Designation.Fonction.SIGNATAIRE)
    return Avis(
        False,
        f"Cette signature est celle de {partie.organisation.nom} : seul son représentant peut la donner.",
    )


def peut_suivre_signature(agent: Agent, partie: Partie, demarche: Demarche) -> Avis:
    """The people of the party, and whoever concludes the contract. No query."""
    if not (avis := peut_sur(agent, SUIVRE, demarche)):
        return avis
    if peut_sur(agent, CONCLURE, demarche) or _pour_ce_corps(agent, SUIVRE, partie, demarche):
        return ACCORDE
    return Avis(
        False,
        f"Cette signature est celle de {partie.organisation.nom} : ses agents la suivent, ou le chef de "
        "projet territorial.",
    )
