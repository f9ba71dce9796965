"""The queue of mails: put in with what it tells, sent apart, tried again, never twice for the same key."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from .models import Courriel, PieceCourriel

E = Courriel.Etat
ATTENTES = (1, 5, 30, 120, 360, 1440, 1440)
"""Minutes before each new try; after the last one the mail is given up and said so."""
EFFACE = "(Texte effacé : il portait un lien personnel.)"
BAIL = timedelta(minutes=10)
"""A mail being sent is nobody else's for that long; after it, its sender is held to be dead. Counted from its
own beginning: a slow server makes a long queue last more than that."""
Piece = tuple[str, str, bytes]
_journal = logging.getLogger("arpent.courriels")


@transaction.atomic
def mettre_en_file(
    destinataire: str,
    *,
    sujet: str,
    texte: str,
    cle: str,
    raison: str,
    pieces: Iterable[Piece] = (),
    secret: bool = False,
) -> Courriel:
    """Queues a mail in the caller's transaction; the same `cle` again gives back the first one.

    `raison` ends « Vous recevez ce courriel parce que … ». `pieces`: (name, MIME type, bytes). `secret`: the
    text opens an account; nobody reads it in the queue, and it is erased once sent.
    """
    if deja := Courriel.objects.filter(cle=cle).first():
        return deja
    courriel = Courriel.objects.create(
        cle=cle, destinataire=destinataire, sujet=" ".join(sujet.split())[:200], texte=texte.strip(),
        raison=raison, secret=secret, prochain_essai_le=timezone.now(),
    )  # fmt: skip
    PieceCourriel.objects.bulk_create(
        PieceCourriel(courriel=courriel, nom=nom, type_mime=mime, contenu=octets)
        for nom, mime, octets in pieces
    )
    return courriel


@dataclass(frozen=True, slots=True)
class Bilan:
    """What one emptying of the queue did."""

    envoyes: int = 0
    reportes: int = 0
    echecs: int = 0


def en_attente(maintenant: datetime) -> QuerySet[Courriel]:
    """Mails whose turn has come, those of a dead sender included, oldest first."""
    a_son_tour = Q(etat__in=(E.EN_FILE, E.EN_COURS), prochain_essai_le__lte=maintenant)
    return Courriel.objects.filter(a_son_tour).order_by("prochain_essai_le", "pk")


def vider_la_file(maintenant: datetime | None = None, *, limite: int = 500) -> Bilan:
    """Sends what is due, one connection for all. A mail is marked as sent after the server took it.

    Killed between the two, it is sent again with the same Message-ID: never lost, seldom twice.
    """
    maintenant, debut = maintenant or timezone.now(), time.monotonic()
    connexion = get_connection()
    envoyes = reportes = echecs = 0
    try:
        for pk in list(en_attente(maintenant).values_list("pk", flat=True)[:limite]):
            bail = maintenant + timedelta(seconds=time.monotonic() - debut) + BAIL
            match _traiter(pk, maintenant, bail, connexion):
                case E.ENVOYE:
                    envoyes += 1
                case E.EN_FILE:
                    reportes += 1
                case E.ECHEC:
                    echecs += 1
                case _:  # another process has it
                    continue
    finally:
        connexion.close()
    return Bilan(envoyes, reportes, echecs)


def _traiter(pk: int, maintenant: datetime, bail: datetime, connexion: BaseEmailBackend) -> str:
    """Takes the mail until `bail`, sends it, notes what came of it. Its state; empty: taken by another."""
    pris = en_attente(maintenant).filter(pk=pk).order_by()
    if not pris.update(etat=E.EN_COURS, essais=F("essais") + 1, prochain_essai_le=bail):
        return ""
    courriel = Courriel.objects.get(pk=pk)
    try:
        message(courriel, connexion).send()
    except Exception as erreur:  # whatever the server or the network did, the mail stays in the queue
        return _noter_echec(courriel, erreur, maintenant, connexion)
    courriel.etat, courriel.envoye_le, courriel.erreur = E.ENVOYE, maintenant, ""
    if courriel.secret:
        courriel.texte = EFFACE
    courriel.save(update_fields=["etat", "envoye_le", "erreur", "texte"])
    return E.ENVOYE


def _noter_echec(
    courriel: Courriel, erreur: Exception, maintenant: datetime, connexion: BaseEmailBackend
) -> str:
    definitif = refus_definitif(erreur) or courriel.essais > len(ATTENTES)
    courriel.etat = E.ECHEC if definitif else E.EN_FILE
    courriel.erreur = expliquer(erreur)[:300]
    if not definitif:
        courriel.prochain_essai_le = maintenant + timedelta(minutes=ATTENTES[courriel.essais - 1])
    courriel.save(update_fields=["etat", "erreur", "prochain_essai_le"])
    _journal.warning("courriel %s : %s", courriel.pk, courriel.erreur)
    connexion.close()  # after a failure the next mail begins on a new connection
    return courriel.etat


def refus_definitif(erreur: Exception) -> bool:
    """Whether trying again is of no use: the address, or the mail itself, is refused for good (5xx)."""
    if isinstance(erreur, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in erreur.recipients.values())
    if isinstance(erreur, SMTPAuthenticationError | SMTPConnectError):
        return False  # ours to mend: the mails wait
    return isinstance(erreur, SMTPResponseException) and int(erreur.smtp_code) >= 500


def expliquer(erreur: Exception) -> str:
    """What happened and what to do, for the administrator."""
    match erreur:
        case SMTPRecipientsRefused():
            dit = next(iter(erreur.recipients.values()), (0, b""))
            return f"Le serveur refuse cette adresse ({dit[0]} {_dit(dit[1])}). Vérifiez-la."
        case SMTPAuthenticationError():
            return "Le serveur refuse l’identifiant ou le mot de passe : vérifiez ARPENT_SMTP_*."
        case SMTPServerDisconnected():
            return "Le serveur de courriel a coupé la connexion."
        case SMTPResponseException():
            return f"Le serveur a répondu {erreur.smtp_code} {_dit(erreur.smtp_error)}."
        case OSError():
            return f"Le serveur de courriel ne répond pas ({erreur}). Vérifiez ARPENT_SMTP_HOTE."
        case _:
            return f"Le courriel n’a pas pu être composé ({type(erreur).__name__} : {erreur})."


def _dit(reponse: bytes | str) -> str:
    texte = reponse.decode(errors="replace") if isinstance(reponse, bytes) else reponse
    return " ".join(texte.split())


def message(courriel: Courriel, connexion: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail as it leaves: text and HTML, why one gets it, where to change one's choices. One query."""
    reglages = f"{settings.ARPENT_URL}/mes-nouvelles/reglages/"
    pied = f"Vous recevez ce courriel parce que {courriel.raison}.\nRégler vos courriels : {reglages}"
    texte = f"{courriel.texte}\n\n-- \n{pied}\n"
    hote = urlsplit(settings.ARPENT_URL).hostname or "localhost"
    envoi = EmailMultiAlternatives(
        courriel.sujet,
        texte,
        settings.DEFAULT_FROM_EMAIL,
        [courriel.destinataire],
        connection=connexion,
        headers={
            "Message-ID": f"<{hashlib.sha256(courriel.cle.encode()).hexdigest()[:32]}@{hote}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{reglages}>",
        },
    )
    corps = format_html("{}<hr>{}", _en_html(courriel.texte), _en_html(pied))
    envoi.attach_alternative(f'<!doctype html><html lang="fr"><body>{corps}</body></html>', "text/html")
    for piece in courriel.pieces.all():
        envoi.attach(piece.nom, bytes(piece.contenu), piece.type_mime)
    return envoi


def _en_html(texte: str) -> SafeString:
    """The text as HTML. Only addresses of this instance become links: a person's words lead nowhere."""
    adresse = re.compile(re.escape(str(escape(settings.ARPENT_URL))) + r"/[\w/.?=&;#%-]*")
    lie = adresse.sub(lambda trouve: f'<a href="{trouve[0]}">{trouve[0]}</a>', str(escape(texte)))
    return mark_safe(linebreaks(lie))  # escaped above


@transaction.atomic
def relancer_envoi(courriel: Courriel) -> Courriel:
    """The administrator asks for a new try now; ValueError when it is sent, or being sent."""
    courriel = Courriel.objects.select_for_update(of=("self",)).get(pk=courriel.pk)
    if courriel.etat in {E.ENVOYE, E.EN_COURS}:
        raise ValueError(f"Ce courriel est {courriel.get_etat_display()} : il n’y a rien à relancer.")
    courriel.etat, courriel.essais, courriel.prochain_essai_le = E.EN_FILE, 0, timezone.now()
    courriel.save(update_fields=["etat", "essais", "prochain_essai_le"])
    return courriel


@transaction.atomic
def abandonner(courriel: Courriel) -> Courriel:
    """The mail will not be sent; ValueError when it is sent, or being sent."""
    courriel = Courriel.objects.select_for_update(of=("self",)).get(pk=courriel.pk)
    if courriel.etat in {E.ENVOYE, E.EN_COURS}:
        raise ValueError(f"Ce courriel est {courriel.get_etat_display()} : il ne peut plus être retenu.")
    courriel.etat = E.ABANDONNE
    courriel.save(update_fields=["etat"])
    return courriel
