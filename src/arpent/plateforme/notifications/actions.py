"""Telling people something, in the application; by mail, according to their choices (`courrier`)."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from .models import ChoixRubrique, Notification, Relance, Rythme
from .rubriques import RUBRIQUES, Frequence

SUJET_MAX, TEXTE_MAX = 60, 300


def notifier(destinataires: Iterable[int], *, sujet: str, texte: str, rubrique: str, url: str = "") -> int:
    """One notification per recipient; the same unread one is not told twice. Returns how many were new.

    `rubrique`: a code of RUBRIQUES, else KeyError. A subject or a text that is too long ends in « … ».
    """
    code = RUBRIQUES[rubrique].code
    ids = set(destinataires)
    sujet, texte = Truncator(sujet).chars(SUJET_MAX), Truncator(texte).chars(TEXTE_MAX)
    already = set(
        Notification.objects.filter(
            destinataire_id__in=ids, sujet=sujet, texte=texte, lue_le__isnull=True
        ).values_list("destinataire_id", flat=True)
    )
    rows = [
        Notification(destinataire_id=i, rubrique=code, sujet=sujet, texte=texte, url=url)
        for i in sorted(ids - already)
    ]
    Notification.objects.bulk_create(rows)
    return len(rows)


def relancer(agent_id: int, *, cle: str, sujet: str, texte: str, url: str = "") -> bool:
    """Reminds one person of one thing, once per `cle`. False: it was done already."""
    try:
        with transaction.atomic():
            Relance.objects.create(cle=cle[:150], agent_id=agent_id)
            notifier([agent_id], sujet=sujet, texte=texte, url=url, rubrique="echeances")
    except IntegrityError:
        return False
    return True


def marquer_lues(destinataire_id: int, rubrique: str = "") -> int:
    """Marks everything as read for one agent, or one topic."""
    rows = Notification.objects.filter(destinataire_id=destinataire_id, lue_le__isnull=True)
    if rubrique:
        rows = rows.filter(rubrique=rubrique)
    return rows.update(lue_le=timezone.now())


def marquer_lue(destinataire_id: int, pk: int) -> bool:
    """Marks one as read, if it is theirs."""
    siennes = Notification.objects.filter(destinataire_id=destinataire_id, pk=pk, lue_le__isnull=True)
    return bool(siennes.update(lue_le=timezone.now()))


@transaction.atomic
def regler(agent_id: int, choix: Mapping[str, str], *, heure: int, jour: int) -> None:
    """Keeps somebody's frequencies and hours. What equals the usual frequency is not stored."""
    ChoixRubrique.objects.filter(agent_id=agent_id).delete()
    ChoixRubrique.objects.bulk_create(
        ChoixRubrique(agent_id=agent_id, rubrique=code, frequence=Frequence(choix[code]))
        for code, rubrique in RUBRIQUES.items()
        if code in choix and choix[code] != rubrique.frequence
    )
    Rythme.objects.update_or_create(agent_id=agent_id, defaults={"heure": heure, "jour": jour})
