"""What a link may do: keep answers page by page, send them, correct them until the end.

Each takes the lock of the answer: two pages sent at once lose nothing, and one link is one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from arpent.metier.questionnaire import Questionnaire, Reponse, manquantes
from arpent.plateforme.journal.actions import consigner

from ..models import CampagneQuestionnaire, InvitationQuestionnaire, ReponseQuestionnaire
from .lecture import questionnaire_de

EFFORT_MAX, MINUTE = 30, timedelta(minutes=1)


class ParticipationRefusee(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


class TropVite(ParticipationRefusee):
    """Too much in too short a time."""


class IlManque(ParticipationRefusee):
    """A question that must be answered is not; `page` is where it is, from 1."""

    def __init__(self, phrase: str, page: int) -> None:
        super().__init__(phrase)
        self.page = page


def _verrouiller(invitation: InvitationQuestionnaire, le: date) -> ReponseQuestionnaire:
    """The answer of the link, locked, its effort of the minute grown by one."""
    campagne = CampagneQuestionnaire.objects.get(pk=invitation.campagne_id)
    if not campagne.est_ouverte(le):
        raise ParticipationRefusee("Ce questionnaire est clos : il ne reçoit plus de réponse.")
    ReponseQuestionnaire.objects.get_or_create(invitation=invitation)
    ici = ReponseQuestionnaire.objects.select_for_update(of=("self",)).get(invitation=invitation)
    maintenant = timezone.now()
    if ici.effort_depuis is None or maintenant - ici.effort_depuis > MINUTE:
        ici.effort, ici.effort_depuis = 0, maintenant
    if ici.effort >= EFFORT_MAX:
        raise TropVite(
            "Beaucoup de réponses sont parties en une minute. Attendez un instant, puis recommencez."
        )
    ici.effort += 1
    return ici


@transaction.atomic
def garder(
    invitation: InvitationQuestionnaire, reponses: Mapping[str, Reponse | None], *, le: date
) -> ReponseQuestionnaire:
    """Keeps the answers of one page; None takes an answer back. ParticipationRefusee, TropVite."""
    ici = _verrouiller(invitation, le)
    gardees = {**ici.reponses, **reponses}
    ici.reponses = {code: valeur for code, valeur in gardees.items() if valeur}
    ici.save(update_fields=["reponses", "effort", "effort_depuis"])
    return ici


@transaction.atomic
def envoyer(invitation: InvitationQuestionnaire, *, le: date) -> ReponseQuestionnaire:
    """The answers are counted from now on. IlManque says which page to go back to."""
    ici = _verrouiller(invitation, le)
    posees = questionnaire_de(invitation.campagne)
    if oubliees := manquantes(posees.questions, ici.reponses):
        page = page_de(posees, oubliees[0].code)
        raise IlManque(f"Il manque une réponse : « {oubliees[0].libelle} »", page)
    premiere = ici.terminee_le is None
    ici.terminee_le = ici.terminee_le or timezone.now()
    ici.save(update_fields=["terminee_le", "effort", "effort_depuis"])
    if premiere:  # who answered is not written: the journal only says that one more came
        consigner(
            "recevoir_reponse_questionnaire", sur=invitation.campagne, par=None,
            demarche_id=invitation.campagne.demarche_id,
        )  # fmt: skip
    return ici


def page_de(posees: Questionnaire, code: str) -> int:
    """The page of a question, from 1."""
    return next(n for n, e in enumerate(posees.etapes, 1) if any(q.code == code for q in e.questions))
