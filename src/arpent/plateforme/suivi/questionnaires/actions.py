"""Launching a campaign, reminding, closing, revoking a link: mails queued and journal in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.textes import redacteur

from ..models import CampagneQuestionnaire, DestinataireQuestionnaire, InvitationQuestionnaire
from ..questions.cadre import figer
from .jetons import adresse_de

INVITES_MAX = 500
DUREE_MAX = timedelta(days=366)
Qualite = InvitationQuestionnaire.Qualite


class CampagneRefusee(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A body asked, its quality, whom the link goes to."""

    organisation_id: int
    qualite: InvitationQuestionnaire.Qualite
    courriel: str
    nom: str = ""


def _verifier(invites: Sequence[Invite], cloture_le: date, le: date) -> None:
    if not invites:
        raise CampagneRefusee("Cochez au moins une structure.")
    if len(invites) > INVITES_MAX:
        raise CampagneRefusee(f"Un questionnaire part à {INVITES_MAX} structures au plus.")
    if cloture_le <= le:
        raise CampagneRefusee("Laissez au moins un jour pour répondre : choisissez une date à venir.")
    if cloture_le - le > DUREE_MAX:
        raise CampagneRefusee("Un questionnaire reste ouvert un an au plus.")
    for invite in invites:
        try:
            validate_email(invite.courriel)
        except ValidationError:
            raise CampagneRefusee(
                f"L’adresse « {invite.courriel} » est incomplète : corrigez-la, ou décochez la structure."
            ) from None


@transaction.atomic
def lancer_campagne(
    demarche: Demarche,
    invites: Sequence[Invite],
    *,
    titre: str,
    cloture_le: date,
    le: date,
    par: Agent | None,
    demonstration: bool = False,
) -> CampagneQuestionnaire:
    """Freezes the questionnaire of the frame and sends each its link. CampagneRefusee."""
    if not titre.strip():
        raise CampagneRefusee("Donnez un titre à ce questionnaire.")
    _verifier(invites, cloture_le, le)
    definition = figer(demarche).definition["questionnaire"]
    campagne = CampagneQuestionnaire.objects.create(
        demarche=demarche, titre=titre.strip()[:200], definition=definition, lancee_le=le,
        cloture_le=cloture_le, lancee_par_nom=par.nom_complet if par else "Arpent",
        demonstration=demonstration,
    )  # fmt: skip
    envoyer = _Facteur(campagne, "questionnaire")
    for invite in invites:
        invitation = InvitationQuestionnaire.objects.create(
            campagne=campagne, organisation_id=invite.organisation_id, qualite=invite.qualite,
            nonce=secrets.token_hex(16),
        )  # fmt: skip
        DestinataireQuestionnaire.objects.create(
            invitation=invitation, contact_nom=invite.nom.strip()[:200], courriel=invite.courriel
        )
        envoyer(invitation, invite.courriel)
    consigner(
        "lancer_questionnaire", sur=campagne, par=par, demarche_id=demarche.pk,
        apres={"titre": campagne.titre, "invites": len(invites), "cloture_le": cloture_le},
    )  # fmt: skip
    return campagne


class _Facteur:
    """Writes and queues the mail of one invitation; one query for the text, whatever their number."""

    def __init__(self, campagne: CampagneQuestionnaire, texte: str) -> None:
        self._campagne, self._code, self._ecrire = campagne, texte, redacteur(texte)

    def __call__(self, invitation: InvitationQuestionnaire, courriel: str) -> None:
        demarche = self._campagne.demarche
        sujet, texte = self._ecrire(
            titre=self._campagne.titre,
            territoire=demarche.territoire.nom,
            autorite=demarche.autorite.nom,
            lien=adresse_de(invitation),
            limite=f"{self._campagne.cloture_le:%d/%m/%Y}",
        )
        mettre_en_file(
            courriel, sujet=sujet, texte=texte, secret=True,
            cle=f"{self._code}-{invitation.pk}-{invitation.relances}-{invitation.nonce[:8]}",
            raison=f"le territoire {demarche.territoire.nom} évalue son contrat et demande votre avis",
        )  # fmt: skip


def _verrouiller(campagne: CampagneQuestionnaire, le: date) -> CampagneQuestionnaire:
    ici = CampagneQuestionnaire.objects.select_for_update(of=("self",)).get(pk=campagne.pk)
    ici.demarche = campagne.demarche
    if not ici.est_ouverte(le):
        raise CampagneRefusee(
            "Ce questionnaire est clos : lancez-en un nouveau pour poser d’autres questions."
        )
    return ici


@transaction.atomic
def relancer(campagne: CampagneQuestionnaire, *, le: date, par: Agent | None) -> int:
    """Writes again to those who have not sent their answers. How many; CampagneRefusee."""
    ici = _verrouiller(campagne, le)
    if ici.relancee_le == le or ici.lancee_le == le:
        raise CampagneRefusee("Un courriel est déjà parti aujourd’hui : attendez demain pour relancer.")
    attendues = list(
        ici.invitations.filter(revoquee_le=None, destinataire__isnull=False)
        .exclude(reponse__terminee_le__isnull=False)
        .select_related("destinataire")
        .order_by("pk")
    )
    if not attendues:
        raise CampagneRefusee("Tout le monde a répondu : il n’y a personne à relancer.")
    envoyer = _Facteur(ici, "questionnaire_relance")
    for invitation in attendues:
        invitation.relances += 1
        invitation.save(update_fields=["relances"])
        envoyer(invitation, invitation.destinataire.courriel)
    ici.relancee_le = le
    ici.save(update_fields=["relancee_le"])
    consigner(
        "relancer_questionnaire", sur=ici, par=par, demarche_id=ici.demarche_id,
        apres={"relances": len(attendues)},
    )  # fmt: skip
    return len(attendues)


@transaction.atomic
def clore(campagne: CampagneQuestionnaire, *, le: date, par: Agent | None) -> CampagneQuestionnaire:
    """No answer is taken any more."""
    ici = _verrouiller(campagne, le)
    ici.close_le = le
    ici.save(update_fields=["close_le"])
    consigner("clore_questionnaire", sur=ici, par=par, demarche_id=ici.demarche_id, apres={"close_le": le})
    return ici


@transaction.atomic
def revoquer(invitation: InvitationQuestionnaire, *, le: date, par: Agent | None) -> None:
    """The link is dead for good; what was answered through it stays and is still counted."""
    _verrouiller(invitation.campagne, le)
    ici = InvitationQuestionnaire.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if ici.revoquee_le is not None:
        raise CampagneRefusee("Ce lien est déjà révoqué.")
    ici.revoquee_le, ici.nonce = timezone.now(), secrets.token_hex(16)
    ici.save(update_fields=["revoquee_le", "nonce"])
    consigner(
        "revoquer_questionnaire", sur=invitation.campagne, par=par,
        demarche_id=invitation.campagne.demarche_id, apres={"organisation": str(invitation.organisation)},
    )  # fmt: skip


RAPPEL = timedelta(days=7)


def relancer_avant_cloture(le: date) -> int:
    """One reminder a week before the end, when nobody has reminded. How many mails."""
    faites = 0
    proches = CampagneQuestionnaire.objects.filter(
        close_le=None, relancee_le=None, cloture_le__gte=le, cloture_le__lte=le + RAPPEL,
        lancee_le__lt=le - timedelta(days=2),
    )  # fmt: skip
    for campagne in proches.select_related(
        "demarche__territoire", "demarche__version_processus__processus__autorite"
    ).order_by("pk"):
        try:
            faites += relancer(campagne, le=le, par=None)
        except CampagneRefusee:
            continue
    return faites
