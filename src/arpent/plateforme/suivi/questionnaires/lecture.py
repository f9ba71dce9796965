"""A campaign as its page reads it: who was asked, who has answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from arpent.metier.questionnaire import Questionnaire, taux_de_reponse
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.evaluation import lire_questionnaire

from ..models import CampagneQuestionnaire, InvitationQuestionnaire


def questionnaire_de(campagne: CampagneQuestionnaire) -> Questionnaire:
    """As it was sent. No query."""
    return lire_questionnaire(campagne.definition)


def campagnes_de(demarche: Demarche) -> QuerySet[CampagneQuestionnaire]:
    """With `invites` and `recues`. One query."""
    return CampagneQuestionnaire.objects.filter(demarche=demarche).annotate(
        invites=Count("invitations"),
        recues=Count("invitations", filter=Q(invitations__reponse__terminee_le__isnull=False)),
    )


@dataclass(frozen=True, slots=True)
class LigneInvitation:
    """A body asked, and whether its answers came: never what they say."""

    invitation: InvitationQuestionnaire
    etat: str
    genre: str


@dataclass(frozen=True, slots=True)
class SuiviCampagne:
    """Who has answered. `a_relancer`: those a reminder would reach."""

    lignes: tuple[LigneInvitation, ...]
    recues: int
    commencees: int
    a_relancer: int

    @property
    def taux(self) -> Decimal | None:
        return taux_de_reponse(self.recues, len(self.lignes))


def suivi_de(campagne: CampagneQuestionnaire, le: date) -> SuiviCampagne:
    """One query."""
    invitations: Iterable[InvitationQuestionnaire] = (
        campagne.invitations.select_related("organisation", "destinataire", "reponse")
        .defer("reponse__reponses")
        .order_by("qualite", "organisation__nom", "pk")
    )
    lignes, recues, commencees, a_relancer = [], 0, 0, 0
    for invitation in invitations:
        reponse = getattr(invitation, "reponse", None)
        if reponse is not None and reponse.terminee_le is not None:
            etat, genre, recues = "a répondu", "ok", recues + 1
        elif invitation.revoquee_le is not None:
            etat, genre = "lien révoqué", "non"
        elif reponse is not None:
            etat, genre, commencees = "a commencé", "info", commencees + 1
        else:
            etat, genre = "n’a pas répondu", "neutre"
        if etat in {"a commencé", "n’a pas répondu"} and getattr(invitation, "destinataire", None):
            a_relancer += 1
        lignes.append(LigneInvitation(invitation, etat, genre))
    return SuiviCampagne(tuple(lignes), recues, commencees, a_relancer)
