"""How many guesses: 20 an hour for one account, 100 an hour from one address, then one waits.

| what | limit an hour | whose |
|---|---|---|
| password, code of the second step, confirmation of identity | 20 | an account, from unknown browsers |
| the same | 20 | an account, from one browser it has already logged in with |
| anything that could be guessed, reset links and invitations included | 100 | one address (/64 in IPv6) |
| mails that reset a password | 3 | an account; beyond, nothing is sent and the answer is the same |

Nobody can lock somebody else out: a browser that has logged in keeps a signed cookie (`APPAREIL`) that has a
count of its own, a reset link gives one to whoever reads the mailbox, and a passkey is not a guess. What is
refused is not counted: the wait ends one hour after the oldest try. A try is written *before* the check,
under a lock of the account, so that parallel tries are counted too. Whether the account exists plays no part.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from arpent.plateforme.socle.securite import adresse_de, noter

from ..models import Agent, Essai
from .verrou import verrouiller

PAR_COMPTE, PAR_ADRESSE, COURRIELS = 20, 100, 3
FENETRE = timedelta(hours=1)
GARDE = timedelta(days=1)
APPAREIL = "arpent_appareil"
_APPAREIL_AGE = timedelta(days=180)
_SEL = "arpent.appareil"
CONNEXION, CODE, PERDU, LIEN = "connexion", "code", "perdu", "lien"
_DEVINER = (CONNEXION, CODE)


@dataclass
class TropDEssais(Exception):
    """Too many tries: how long before the next one."""

    attente: timedelta

    @property
    def minutes(self) -> int:
        return max(1, -(-int(self.attente.total_seconds()) // 60))

    def __str__(self) -> str:
        pluriel = "s" if self.minutes > 1 else ""
        return (
            f"Trop d’essais en peu de temps. Réessayez dans {self.minutes} minute{pluriel}. Votre compte "
            "n’est pas bloqué : il s’ouvre toujours depuis un navigateur où vous vous êtes déjà connecté, ou "
            "après « Mot de passe perdu »."
        )


def _cle(*morceaux: str) -> str:
    return salted_hmac("arpent.essai", "|".join(morceaux), algorithm="sha256").hexdigest()


def cle_du_compte(courriel: str) -> str:
    """Keyed hash of a typed address, known or not."""
    return _cle("compte", courriel.strip().lower())


def cle_de_l_adresse(adresse: str) -> str:
    """Keyed hash of a network address; IPv6 by /64, which one person holds whole."""
    try:
        ip = ipaddress.ip_address(adresse)
    except ValueError:
        return _cle("adresse", adresse)
    if ip.version == 6 and ip.ipv4_mapped is None:
        return _cle("adresse", str(ipaddress.ip_network((ip, 64), strict=False)))
    return _cle("adresse", str(getattr(ip, "ipv4_mapped", None) or ip))


def appareil_de(request: HttpRequest, compte: str) -> str:
    """Number of this browser if it has already opened that account, else an empty text."""
    try:
        connus = signing.loads(request.COOKIES.get(APPAREIL, ""), salt=_SEL, max_age=_APPAREIL_AGE)
        return str(connus.get(compte[:16], ""))[:32]
    except (signing.BadSignature, AttributeError):
        return ""


def reconnaitre_l_appareil(request: HttpRequest, response: HttpResponse, agent: Agent) -> None:
    """This browser has proved that it is one of the account's: it gets a count of its own."""
    compte = cle_du_compte(agent.courriel)
    try:
        connus = dict(signing.loads(request.COOKIES.get(APPAREIL, ""), salt=_SEL))
    except (signing.BadSignature, ValueError, TypeError):
        connus = {}
    connus.pop(compte[:16], None)
    garder = dict(list(connus.items())[-4:]) | {compte[:16]: secrets.token_hex(8)}
    response.set_cookie(
        APPAREIL, signing.dumps(garder, salt=_SEL), max_age=_APPAREIL_AGE, httponly=True, samesite="Lax",
        secure=settings.ARPENT_HTTPS, path="/",
    )  # fmt: skip


def _attente(instants: list[datetime], limite: int, le: datetime) -> timedelta | None:
    """How long before one more is allowed; `instants`: the last `limite` tries, the newest first."""
    if len(instants) < limite:
        return None
    return instants[limite - 1] + FENETRE - le


def compter(request: HttpRequest, genre: str, courriel: str = "") -> Essai:
    """Counts one try, or raises TropDEssais without counting it. Four short queries, on POST only."""
    le = timezone.now()
    adresse = cle_de_l_adresse(adresse_de(request))
    compte = cle_du_compte(courriel) if courriel else ""
    appareil = appareil_de(request, compte) if compte and genre in _DEVINER else ""
    recents = Essai.objects.filter(le__gt=le - FENETRE).order_by("-le")
    with transaction.atomic():
        verrouiller(compte or adresse)
        attentes = [_attente(_instants(recents.filter(adresse=adresse), PAR_ADRESSE), PAR_ADRESSE, le)]
        if compte and genre in _DEVINER:
            siens = recents.filter(compte=compte, appareil=appareil, genre=genre)
            attentes.append(_attente(_instants(siens, PAR_COMPTE), PAR_COMPTE, le))
        if depassees := [a for a in attentes if a is not None]:
            noter("essais_epuises", request, genre=genre, compte=compte[:16])
            raise TropDEssais(max(depassees))
        Essai.objects.filter(le__lt=le - GARDE).delete()
        noter("essai", request, genre=genre, compte=compte[:16])
        return Essai.objects.create(genre=genre, compte=compte, adresse=adresse, appareil=appareil, le=le)


def _instants(essais: object, limite: int) -> list[datetime]:
    return list(essais.values_list("le", flat=True)[:limite])  # type: ignore[attr-defined]


def reussir(essai: Essai) -> None:
    """It was no guess: the try does not count, nor the account's former ones from this browser."""
    noter("essai_reussi", genre=essai.genre, compte=essai.compte[:16])
    Essai.objects.filter(pk=essai.pk).delete()
    if essai.genre in _DEVINER:
        Essai.objects.filter(compte=essai.compte, appareil=essai.appareil, genre=essai.genre).delete()


def courriel_permis(compte: str) -> bool:
    """Whether a reset mail may still be sent to that address this hour (`compter` has counted this one)."""
    depuis = timezone.now() - FENETRE
    return Essai.objects.filter(compte=compte, genre=PERDU, le__gt=depuis).count() <= COURRIELS
