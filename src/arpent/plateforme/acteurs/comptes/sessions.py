"""Opening, listing and closing the sessions of an account."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.securite import adresse_de, noter

from ..middleware import OUVERTE_LE
from ..models import Agent, SessionOuverte
from ..moteur import MOTEUR

CONFIRMEE_LE = "identite_confirmee_le"
CONFIRMATION = 15 * 60
"""Seconds during which who has just proved who they are may touch the keys of the account."""

_NAVIGATEURS = (
    (r"Edg/", "Edge"), (r"OPR/", "Opera"), (r"Firefox/", "Firefox"), (r"Chrome/", "Chrome"),
    (r"Safari/", "Safari"),
)  # fmt: skip
_SYSTEMES = (
    (r"Windows", "Windows"), (r"Android", "Android"), (r"iPhone|iPad", "iOS"), (r"Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)  # fmt: skip


def navigateur_de(entete: str) -> str:
    """« Firefox sous Windows »: what a person recognises of a User-Agent header."""
    quoi = next((nom for motif, nom in _NAVIGATEURS if re.search(motif, entete)), "")
    ou = next((nom for motif, nom in _SYSTEMES if re.search(motif, entete)), "")
    return " sous ".join(mot for mot in (quoi, ou) if mot)


def _mortes(maintenant: datetime) -> QuerySet[SessionOuverte]:
    """Logins older than a session lives."""
    return SessionOuverte.objects.filter(
        ouverte_le__lt=maintenant - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )


def oublier_les_mortes(maintenant: datetime) -> int:
    """Forgets the sessions that ended by themselves, and from where they were opened. How many rows."""
    finies, _ = Session.objects.filter(expire_date__lt=maintenant).delete()
    return finies + _mortes(maintenant).delete()[0]


@transaction.atomic
def ouvrir_session(
    request: HttpRequest, agent: Agent, *, moyen: str = "mot de passe", backend: str = MOTEUR
) -> None:
    """Logs in: new session number, age counted from now, proof that is fresh, one line in the journal."""
    login(request, agent, backend=backend)
    if request.session.session_key is None:
        request.session.create()
    cle = str(request.session.session_key)
    maintenant = time.time()
    request.session[OUVERTE_LE] = request.session[CONFIRMEE_LE] = maintenant
    _mortes(timezone.now()).filter(agent=agent).delete()
    SessionOuverte.objects.create(
        agent=agent, cle=cle, empreinte=agent.get_session_auth_hash(),
        ouverte_le=timezone.now(), moyen=moyen, adresse=adresse_de(request),
        navigateur=navigateur_de(request.headers.get("User-Agent", "")),
    )  # fmt: skip
    noter("session_ouverte", request, agent=agent.pk, moyen=moyen)
    consigner("se_connecter", sur=agent, par=agent, libelle="Connexion", apres={"moyen": moyen})


def renouveler_session(request: HttpRequest, agent: Agent) -> None:
    """After a change of rights or of password by oneself: this session gets a new number, the others die."""
    ancienne = request.session.session_key
    with suppress(AttributeError):  # not `vars`: the user of a request is a lazy object
        del agent.habilitations_en_cours
    update_session_auth_hash(request, agent)
    SessionOuverte.objects.filter(cle=ancienne).update(
        cle=request.session.session_key, empreinte=agent.get_session_auth_hash()
    )


def confirmer_identite(request: HttpRequest, agent: Agent) -> None:
    """Notes that the person has just proved who they are; an elevation, so the session number changes."""
    request.session[CONFIRMEE_LE] = time.time()
    renouveler_session(request, agent)


def identite_confirmee(request: HttpRequest) -> bool:
    return time.time() - float(request.session.get(CONFIRMEE_LE, 0)) < CONFIRMATION


@dataclass(frozen=True, slots=True)
class SessionVue:
    """A living session as its owner reads it."""

    pk: int
    session: SessionOuverte
    courante: bool


def sessions_de(agent: Agent, cle_courante: str | None = None) -> list[SessionVue]:
    """The sessions of the agent that would still open a page, the last one first. Two queries."""
    empreinte = agent.get_session_auth_hash()
    siennes = list(SessionOuverte.objects.filter(agent=agent, empreinte=empreinte))
    vivantes = set(
        Session.objects.filter(
            session_key__in=[s.cle for s in siennes], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    limite = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return [
        SessionVue(s.pk, s, s.cle == cle_courante)
        for s in siennes
        if s.cle in vivantes and s.ouverte_le > limite
    ]


def _effacer(cles: list[str]) -> None:
    Session.objects.filter(session_key__in=cles).delete()
    SessionOuverte.objects.filter(cle__in=cles).delete()


def oublier_la_session(request: HttpRequest) -> None:
    """One's own log-out: the session leaves the list."""
    SessionOuverte.objects.filter(cle=request.session.session_key or "").delete()


@transaction.atomic
def fermer_session(session: SessionOuverte, *, par: Agent | None) -> None:
    """Closes one session: its next request is anonymous."""
    _effacer([session.cle])
    consigner("fermer_session", sur=session.agent, par=par, apres={"navigateur": session.navigateur})


@transaction.atomic
def fermer_les_sessions(agent: Agent, *, par: Agent | None, motif: str = "", sauf: str | None = None) -> int:
    """Closes every session of the account, listed or not; returns how many were listed.

    `sauf`: number of the session that goes on, and that the caller then renews (`renouveler_session`).
    """
    Agent.objects.filter(pk=agent.pk).update(jeton_session=F("jeton_session") + 1)
    agent.refresh_from_db(fields=["jeton_session"])
    siennes = SessionOuverte.objects.filter(agent=agent).exclude(cle=sauf or "")
    cles = list(siennes.values_list("cle", flat=True))
    _effacer(cles)
    consigner("fermer_sessions", sur=agent, par=par, motif=motif)
    return len(cles)
