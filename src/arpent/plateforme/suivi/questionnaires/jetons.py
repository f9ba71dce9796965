"""The link of an invitation: signed, without a name, dead once its number changes."""

from __future__ import annotations

import secrets

from django.core import signing
from django.urls import reverse

from arpent.plateforme.demarches.reunions.adresses import absolue

from ..models import InvitationQuestionnaire

_SEL = "arpent.questionnaire"


def jeton_de(invitation: InvitationQuestionnaire) -> str:
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SEL)


def adresse_de(invitation: InvitationQuestionnaire) -> str:
    """Whole, for a mail."""
    return absolue(reverse("suivi:repondre", args=[jeton_de(invitation)]))


def lire(jeton: str) -> InvitationQuestionnaire | None:
    """The invitation of a link; None when it is forged, replaced or revoked. One query."""
    try:
        pk, nonce = signing.loads(jeton, salt=_SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    invitation: InvitationQuestionnaire | None = (
        InvitationQuestionnaire.objects.select_related(
            "organisation",
            "campagne__demarche__territoire",
            "campagne__demarche__version_processus__processus__autorite",
        )
        .filter(pk=pk, revoquee_le=None)
        .first()
    )
    if invitation is None or not secrets.compare_digest(invitation.nonce, str(nonce)):
        return None
    return invitation
