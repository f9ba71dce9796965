"""An agent is away: who stands in, between which dates."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier

from .models import Absence, Agent, Habilitation

DUREE_MAX = timedelta(days=366)


class ActionRefusee(ValueError):
    """Why it cannot be; French, says what to do."""


def collegues(agent: Agent) -> QuerySet[Agent]:
    """Open accounts that act for the same bodies, authorities or territories today. No query."""
    dans = Q(pk__in=[])
    for h in agent.habilitations_en_cours:
        if h.au_nom_de is not None:
            continue
        if h.autorite_id:
            dans |= Q(autorite=h.autorite_id)
        if h.organisation_id:
            dans |= Q(organisation=h.organisation_id)
        elif h.territoire_id:
            dans |= Q(territoire=h.territoire_id)
    memes = Habilitation.objects.en_cours(timezone.localdate()).filter(dans).order_by()
    return Agent.objects.filter(pk__in=memes.values("agent"), is_active=True).exclude(pk=agent.pk)


@transaction.atomic
def declarer(
    agent: Agent, suppleant: Agent, *, debut: date, fin: date, message: str = "", par: Agent
) -> Absence:
    """Notes the absence, tells the stand-in. ActionRefusee: dates, oneself, not a colleague, overlapping."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    le = timezone.localdate()
    if fin < debut or fin < le:
        raise ActionRefusee("La fin est avant le début, ou déjà passée : corrigez les dates.")
    if fin - max(debut, le) > DUREE_MAX:
        raise ActionRefusee("Une absence dure un an au plus : pour un départ, l’accès se termine.")
    if not collegues(agent).filter(pk=suppleant.pk).exists():
        raise ActionRefusee("Choisissez quelqu’un de votre structure ou de votre territoire.")
    if Absence.objects.filter(agent=agent, debut__lte=fin, fin__gte=debut).exists():
        raise ActionRefusee("Une absence couvre déjà une partie de ces dates : terminez-la d’abord.")
    absence = Absence.objects.create(
        agent=agent, suppleant=suppleant, debut=debut, fin=fin, message=message.strip()[:200]
    )
    consigner(
        "declarer_absence", sur=agent, par=par,
        apres={"suppleant": suppleant.libelle_journal, "debut": debut, "fin": fin},
    )  # fmt: skip
    notifier(
        [suppleant.pk], rubrique="comptes", sujet="Vous remplacez un collègue",
        texte=f"{agent.nom_complet} est absent du {debut:%d/%m/%Y} au {fin:%d/%m/%Y} : ce qui l’attend vient "
        "chez vous. Vous ne pouvez pas signer à sa place.",
    )  # fmt: skip
    return absence


@transaction.atomic
def terminer(absence: Absence, *, par: Agent) -> Absence:
    """The agent is back today: the stand-in has nothing more of theirs from now on."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("agent", "suppleant").get(
        pk=absence.pk
    )  # fmt: skip
    hier = timezone.localdate() - timedelta(days=1)
    if absence.fin <= hier:
        raise ActionRefusee("Cette absence est déjà terminée.")
    avant = {"debut": absence.debut, "fin": absence.fin}
    absence.fin = hier
    absence.debut = min(absence.debut, hier)
    absence.save(update_fields=["debut", "fin"])
    consigner("terminer_absence", sur=absence.agent, par=par, avant=avant, apres={"fin": hier})
    return absence
