"""Making a token, knowing it again, revoking it."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner

from .models import Jeton
from .portees import PORTEES

PREFIXE = "arp_"
DUREE_MAX = timedelta(days=366)
JETONS_MAX = 20
PAS_D_USAGE = timedelta(hours=1)
"""The last use is kept to the hour: a reading leaves no other trace."""
_FORME = re.compile(r"arp_[A-Za-z0-9_-]{43}")


class JetonRefuse(ValueError):
    """Why it cannot be; French, says what to do. `champ`: the field at fault."""

    def __init__(self, message: str, champ: str = "") -> None:
        super().__init__(message)
        self.champ = champ


def empreinte(cle: str) -> str:
    """What is kept of a key: 256 bits drawn at random need no slow hash."""
    return hashlib.sha256(cle.encode()).hexdigest()


@transaction.atomic
def creer(
    agent: Agent, nom: str, *, portees: Collection[str], fin: date, demarche: Demarche | None = None
) -> tuple[Jeton, str]:
    """The token, and its key: nobody will read it again. JetonRefuse."""
    le = timezone.localdate()
    if not portees or set(portees) - set(PORTEES):
        raise JetonRefuse("Choisissez au moins une chose que ce jeton permet.", "portees")
    if not le <= fin <= le + DUREE_MAX:
        raise JetonRefuse("Un jeton sert un an au plus : choisissez une date d’ici un an.", "fin")
    if demarche is not None and not Demarche.objects.visibles_par(agent).filter(pk=demarche.pk).exists():
        raise JetonRefuse("Ce territoire n’est pas dans votre périmètre.", "demarche")
    if agent.jetons_api.utilisables(le).count() >= JETONS_MAX:
        raise JetonRefuse(f"{JETONS_MAX} jetons en service au plus : révoquez ceux qui ne servent plus.")
    cle = PREFIXE + secrets.token_urlsafe(32)
    jeton = Jeton.objects.create(
        agent=agent, nom=nom.strip()[:80], empreinte=empreinte(cle), debut=cle[:8], fin=fin,
        portees=",".join(code for code in PORTEES if code in portees), demarche=demarche,
    )  # fmt: skip
    consigner(
        "creer_jeton", sur=jeton, par=agent, demarche_id=demarche.pk if demarche else None,
        apres={"nom": jeton.nom, "portees": jeton.portees, "fin": fin},
    )  # fmt: skip
    return jeton, cle


@transaction.atomic
def revoquer(jeton: Jeton, *, par: Agent) -> Jeton:
    """The key no longer opens, at once. Twice is once."""
    jeton = Jeton.objects.select_for_update(of=("self",)).get(pk=jeton.pk)
    if jeton.revoque_le is None:
        jeton.revoque_le = timezone.now()
        jeton.save(update_fields=["revoque_le"])
        consigner("revoquer_jeton", sur=jeton, par=par, avant={"nom": jeton.nom})
    return jeton


def reconnaitre(cle: str) -> Jeton | None:
    """The token in service that this key is, with its owner. One query, none for what is no key."""
    if not _FORME.fullmatch(cle):
        return None
    utilisables = Jeton.objects.utilisables(timezone.localdate())
    return utilisables.select_related("agent").filter(empreinte=empreinte(cle)).first()


def noter_usage(jeton: Jeton, le: datetime) -> None:
    """Keeps the hour of the last use. One query an hour at most."""
    if jeton.utilise_le is None or le - jeton.utilise_le >= PAS_D_USAGE:
        Jeton.objects.filter(pk=jeton.pk).update(utilise_le=le)
