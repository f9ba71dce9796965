"""Losing and changing a password."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import transaction

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.textes import rediger

from ..models import Agent
from .essais import cle_du_compte, courriel_permis
from .sessions import fermer_les_sessions

_SEL = "arpent.mot_de_passe"


class LienPerime(ValueError):
    """The link has been used, replaced, forged, or is too old."""


class JetonMotDePasse(PasswordResetTokenGenerator):
    """Dies with the password, the next login, and « se déconnecter partout »."""

    key_salt = "arpent.jeton_mot_de_passe"

    def _make_hash_value(self, user: Agent, timestamp: int) -> str:
        return f"{user.pk}|{user.password}|{user.last_login}|{user.jeton_session}|{user.courriel}|{timestamp}"


jetons = JetonMotDePasse()


class _PourRien(Exception):
    """Undoes what was made for an address that nobody has."""


def demander_mot_de_passe(courriel: str, adresse: Callable[[str], str]) -> None:
    """Sends the link if an open account has that address. The same work is done if not, then undone: neither
    the answer nor its time tells. Without effect beyond three mails an hour (`compter` comes before).
    """
    agent = Agent.objects.filter(courriel__iexact=courriel, is_active=True).first()
    fantome = Agent(pk=0, courriel=courriel, nom="personne", password="!")
    permis = courriel_permis(cle_du_compte(courriel))
    try:
        with transaction.atomic():
            _envoyer(agent or fantome, adresse)
            if agent is None or not permis:
                raise _PourRien
    except _PourRien:
        pass


def _envoyer(agent: Agent, adresse: Callable[[str], str]) -> None:
    jeton = signing.dumps([agent.pk, jetons.make_token(agent)], salt=_SEL)
    sujet, texte = rediger("mot_de_passe_perdu", lien=adresse(jeton))
    mettre_en_file(
        agent.courriel,
        sujet=sujet,
        texte=texte,
        cle=f"mot-de-passe-{secrets.token_hex(12)}",
        raison="cette adresse a été tapée sur la page « Mot de passe perdu »",
        secret=True,
    )
    consigner("demander_mot_de_passe", sur=agent, par=None, libelle="Mot de passe perdu")


def lire_jeton(jeton: str) -> Agent:
    """The account of a link. Raises LienPerime."""
    try:
        pk, secret = signing.loads(jeton, salt=_SEL)
        agent = Agent.objects.get(pk=pk, is_active=True)
    except (signing.BadSignature, ValueError, TypeError, Agent.DoesNotExist):
        raise LienPerime from None
    if not jetons.check_token(agent, secret):
        raise LienPerime
    return agent


@transaction.atomic
def changer_mot_de_passe(agent: Agent, nouveau: str, *, par: Agent | None, sauf: str | None = None) -> Agent:
    """Every session dies, but `sauf` that the caller renews. ValidationError: a weak password."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    validate_password(nouveau, agent)
    agent.set_password(nouveau)
    agent.save(update_fields=["password"])
    fermer_les_sessions(agent, par=par, motif="mot de passe changé", sauf=sauf)
    consigner("changer_mot_de_passe", sur=agent, par=par)
    dit, corps = rediger("mot_de_passe_change")
    mettre_en_file(
        agent.courriel,
        sujet=dit,
        texte=corps,
        cle=f"mot-de-passe-change-{agent.pk}-{agent.jeton_session}",
        raison="vous avez un compte sur Arpent",
    )
    return agent
