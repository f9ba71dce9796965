"""What somebody is typing and has not saved: kept, taken back, given up; and who else has the fiche open."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from .actions import ActionRefusee
from .models import Fiche, SaisieEnCours

PRESENCE = timedelta(seconds=90)
"""Somebody whose form spoke within that time is still there (the form speaks every 45 seconds)."""
OCTETS_MAXIMUM = 500_000


def saisie_de(agent: Agent, demarche: Demarche, fiche: Fiche | None) -> SaisieEnCours | None:
    """What the agent left unsaved on that fiche (None: on a new one)."""
    return SaisieEnCours.objects.filter(agent=agent, demarche=demarche, fiche=fiche).first()


@transaction.atomic
def garder_saisie(
    agent: Agent,
    demarche: Demarche,
    fiche: Fiche | None,
    donnees: dict[str, list[str]] | None,
    *,
    version_lue: int = 1,
) -> datetime:
    """Keeps what is typed as it is, right or not; `donnees` None only says that the form is open.

    Not journaled: nothing of the fiche changes. Raises ActionRefusee beyond OCTETS_MAXIMUM.
    """
    valeurs: dict[str, Any] = {"vue_le": timezone.now()}
    if donnees is not None:
        if len(json.dumps(donnees)) > OCTETS_MAXIMUM:
            raise ActionRefusee("Cette saisie est trop longue pour être gardée : raccourcissez un texte.")
        valeurs |= {"donnees": donnees, "version_lue": version_lue}
    saisie, _ = SaisieEnCours.objects.update_or_create(
        agent=agent, demarche=demarche, fiche=fiche, defaults=valeurs
    )
    return saisie.vue_le


def oublier_saisie(agent: Agent, demarche: Demarche, fiche: Fiche | None) -> bool:
    """Gives up what was kept (it was saved, or is not wanted). True when there was something."""
    nombre, _ = SaisieEnCours.objects.filter(agent=agent, demarche=demarche, fiche=fiche).delete()
    return nombre > 0


def autres_presents(fiche: Fiche, agent: Agent) -> list[str]:
    """Names of the others who have the form of this fiche open now."""
    if fiche.pk is None:
        return []
    saisies = SaisieEnCours.objects.filter(fiche=fiche, vue_le__gte=timezone.now() - PRESENCE)
    return [s.agent.nom_complet for s in saisies.exclude(agent=agent).select_related("agent").order_by("pk")]
