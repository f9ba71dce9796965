"""Signed addresses: the calendar of a person, the page of the presence that the printed code opens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import Reunion
from .models_suites import AbonnementAgenda

_AGENDA, _EMARGEMENT = "arpent.reunions.agenda", "arpent.reunions.emargement"


def absolue(chemin: str) -> str:
    """The path on this instance, as a mail or a printed code needs it."""
    return f"{settings.ARPENT_URL}{chemin}"


def _lire(jeton: str, sel: str) -> Any:
    try:
        return signing.loads(jeton, salt=sel)
    except signing.BadSignature:
        return None


def jeton_de(abonnement: AbonnementAgenda) -> str:
    """What opens every feed of that person."""
    return signing.dumps([abonnement.pk, abonnement.numero], salt=_AGENDA)


def adresse_agenda(abonnement: AbonnementAgenda) -> str:
    """The path of a feed. It holds no name, and dies with the number that it signs."""
    return reverse("reunions:agenda", args=[jeton_de(abonnement)])


def adresse_arret(abonnement: AbonnementAgenda) -> str:
    """The path of the page that stops a feed: whoever may read it may stop it."""
    return reverse("reunions:agenda_arreter", args=[jeton_de(abonnement)])


def abonnement_de(jeton: str) -> AbonnementAgenda | None:
    """The feed that a token opens, unless it was revoked since. One query."""
    lu = _lire(jeton, _AGENDA)
    if not isinstance(lu, list) or len(lu) != 2:
        return None
    return (
        AbonnementAgenda.objects.filter(pk=lu[0], numero=lu[1], revoque_le__isnull=True)
        .select_related("agent", "personne__agent")
        .first()
    )


def adresse_emargement(reunion: Reunion) -> str:
    """The path behind the code of the attendance sheet; one must be logged in to follow it."""
    return reverse("reunions:emargement", args=[signing.dumps(reunion.pk, salt=_EMARGEMENT)])


def reunion_du_jeton(jeton: str) -> int | None:
    lu = _lire(jeton, _EMARGEMENT)
    return lu if isinstance(lu, int) else None
