"""Telling people something, in the application."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import Truncator

from .models import Notification

SUJET_MAX, TEXTE_MAX = 60, 300


def notifier(destinataires: Iterable[int], *, sujet: str, texte: str, url: str = "") -> int:
    """One notification per recipient; the same unread one is not told twice. Returns how many were new.

    A subject or a text that is too long ends in « … ».
    """
    ids = set(destinataires)
    sujet, texte = Truncator(sujet).chars(SUJET_MAX), Truncator(texte).chars(TEXTE_MAX)
    already = set(
        Notification.objects.filter(
            destinataire_id__in=ids, sujet=sujet, texte=texte, lue_le__isnull=True
        ).values_list("destinataire_id", flat=True)
    )
    rows = [Notification(destinataire_id=i, sujet=sujet, texte=texte, url=url) for i in sorted(ids - already)]
    Notification.objects.bulk_create(rows)
    return len(rows)


def marquer_lues(destinataire_id: int) -> int:
    """Marks everything as read for one agent."""
    return Notification.objects.filter(destinataire_id=destinataire_id, lue_le__isnull=True).update(
        lue_le=timezone.now()
    )
