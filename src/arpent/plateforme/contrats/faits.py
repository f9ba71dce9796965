"""What the contract knows when a step of the démarche is said done."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.metier.cycles import EtatContrat
from arpent.metier.votes import A_VOTER
from arpent.plateforme.demarches.models import Demarche

from .lecture_votes import lire_votes
from .models import Contrat

A_ADOPTER = frozenset({EtatContrat.REDACTION.value, EtatContrat.VOTE.value})
SIGNES = frozenset({EtatContrat.EN_VIGUEUR.value, EtatContrat.ECHU.value, EtatContrat.SOLDE.value})


def faits_du_contrat(demarche: Demarche) -> dict[str, Any]:
    """Which parties have not adopted the contract, and whether it is signed. Four queries at most.

    Once the contract is at the signature, every vote was checked: none is missing any more.
    """
    contrat = Contrat.objects.filter(demarche=demarche).first()
    if contrat is None:
        return {"contrat_ouvert": False, "contrat_signe": False}
    sans_vote: tuple[str, ...] = ()
    if contrat.etat in A_ADOPTER:
        votes = lire_votes(contrat.parties.d_origine(), date.today())
        sans_vote = tuple(v.partie.organisation.nom for v in votes if v.examen.etat in A_VOTER)
    return {
        "contrat_ouvert": True,
        "parties_sans_vote": sans_vote,
        "contrat_signe": contrat.etat in SIGNES,
    }
