"""What a phone may do: enter, choose a table, say a finding, place its points.

Each takes the lock of the workshop, then of the phone: what is closed stays closed, and the points of one
phone never exceed what it was given, whatever arrives at the same instant.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from ..models import Atelier, ContributionAtelier, Participant, TableAtelier, Vote
from . import limites

Etat = Atelier.Etat
MINUTE = timedelta(minutes=1)


class ParticipationRefusee(ValueError):
    """What was sent has no effect; the message says why and what to do."""


class TropVite(ParticipationRefusee):
    """Too much in too short a time."""


PHRASES = {
    Etat.PREPARATION: "L’atelier n’est pas encore ouvert. Patientez, l’animateur va l’ouvrir.",
    Etat.OUVERT: "Le vote n’est pas ouvert. Patientez, l’animateur va l’ouvrir.",
    Etat.VOTE: "Le vote est ouvert : les nouveaux constats ne sont plus reçus. Placez vos points.",
    Etat.CLOS: "L’atelier est clos : il ne reçoit plus rien. Ce que vous aviez déjà envoyé est gardé.",
}


def _verrouiller(atelier: Atelier, *etats: str) -> Atelier:
    """The workshop, locked, if it is in one of these states."""
    ferme = Atelier.objects.select_for_update(of=("self",), no_key=True).get(pk=atelier.pk)
    if ferme.etat not in etats:
        raise ParticipationRefusee(PHRASES[Etat(ferme.etat)])
    return ferme


def _compter(participant: Participant, cout: int) -> Participant:
    """The phone, locked, its effort of the minute grown by `cout`."""
    ici = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    maintenant = timezone.now()
    if ici.effort_depuis is None or maintenant - ici.effort_depuis > MINUTE:
        ici.effort, ici.effort_depuis = 0, maintenant
    if ici.effort + cout > limites.EFFORT_PAR_MINUTE:
        raise TropVite("Vous avez beaucoup envoyé en une minute. Attendez un instant, puis recommencez.")
    ici.effort += cout
    ici.save(update_fields=["effort", "effort_depuis"])
    return ici


@transaction.atomic
def entrer(atelier: Atelier, empreinte: str, table: TableAtelier) -> Participant:
    """Seats the phone at a table; one that is already in changes table. The same phone counts once."""
    _verrouiller(atelier, Etat.OUVERT, Etat.VOTE)
    participant = Participant.objects.filter(atelier=atelier, empreinte=empreinte).first()
    if participant is None:
        if Participant.objects.filter(atelier=atelier).count() >= limites.PARTICIPANTS:
            raise TropVite("L’atelier est complet. Prévenez l’animateur.")
        return Participant.objects.create(atelier=atelier, empreinte=empreinte, table=table)
    if participant.table_id != table.pk:
        participant = _compter(participant, limites.EFFORT_TABLE)
        participant.table = table
        participant.save(update_fields=["table"])
    return participant


@transaction.atomic
def contribuer(
    participant: Participant, *, nature: str, theme: str, texte: str, indicateur: str = ""
) -> ContributionAtelier:
    """One finding, said at the table of the phone. Which phone said it is not kept."""
    atelier = _verrouiller(participant.atelier, Etat.OUVERT)
    ici = _compter(participant, limites.EFFORT_CONTRIBUTION)
    recues = ContributionAtelier.objects.filter(atelier=atelier)
    if recues.count() >= limites.CONTRIBUTIONS:
        raise TropVite("L’atelier a reçu tout ce qu’il peut recevoir. Prévenez l’animateur.")
    if recues.filter(recue_le__gt=timezone.now() - MINUTE).count() >= limites.CONTRIBUTIONS_PAR_MINUTE:
        raise TropVite(
            "Beaucoup de constats arrivent en même temps. Attendez un instant, puis renvoyez le vôtre."
        )
    return ContributionAtelier.objects.create(
        atelier=atelier, table_id=ici.table_id, nature=nature, theme=theme, texte=texte, indicateur=indicateur
    )


def poses(participant: Participant) -> dict[int, int]:
    """Points by contribution."""
    return dict(Vote.objects.filter(participant=participant).values_list("contribution_id", "points"))


@transaction.atomic
def voter(participant: Participant, contribution_pk: int, *, ajoute: bool) -> None:
    """Places one point on a contribution, or takes one back."""
    atelier = _verrouiller(participant.atelier, Etat.VOTE)
    ici = _compter(participant, limites.EFFORT_POINT)
    contribution = ContributionAtelier.objects.filter(
        atelier=atelier, pk=contribution_pk, ecartee=False
    ).first()
    if contribution is None:
        raise ParticipationRefusee("Ce constat n’est plus soumis au vote. Choisissez-en un autre.")
    vote = Vote.objects.filter(participant=ici, contribution=contribution).first()
    if not ajoute:
        if vote is None:
            return
        if vote.points == 1:
            vote.delete()
        else:
            Vote.objects.filter(pk=vote.pk).update(points=F("points") - 1)
        return
    places = Vote.objects.filter(participant=ici).aggregate(n=Sum("points"))["n"] or 0
    if places >= atelier.points:
        raise ParticipationRefusee(
            f"Vos {atelier.points} points sont tous placés. Reprenez-en un ailleurs pour le mettre ici."
            if atelier.points > 1
            else "Votre point est déjà placé. Reprenez-le ailleurs pour le mettre ici."
        )
    if vote is None:
        Vote.objects.create(participant=ici, contribution=contribution, points=1)
    else:
        Vote.objects.filter(pk=vote.pk).update(points=F("points") + 1)
