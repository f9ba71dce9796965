"""Telling people something, in the application."""

from collections.abc import Iterable

from django.utils import timezone

from .models import Notification


def notifier(destinataires: Iterable[int], *, sujet: str, texte: str, url: str = "") -> int:
    """One notification per recipient; the same unread one is not told twice. Returns how many were new."""
    ids = set(destinataires)
    already = set(
        Notification.objects.filter(
            destinataire_id__in=ids, sujet=sujet, texte=texte[:300], lue_le__isnull=True
        ).values_list("destinataire_id", flat=True)
    )
    rows = [
        Notification(destinataire_id=i, sujet=sujet, texte=texte[:300], url=url)
        for i in sorted(ids - already)
    ]
    Notification.objects.bulk_create(rows)
    return len(rows)


def marquer_lues(destinataire_id: int) -> int:
    """Marks everything as read for one agent."""
    return Notification.objects.filter(destinataire_id=destinataire_id, lue_le__isnull=True).update(
        lue_le=timezone.now()
    )
