"""The second step of a login: a code of the hour (TOTP), or a recovery code."""

from __future__ import annotations

import base64
import secrets
import time

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.coffre import CoffreFerme, chiffrer, dechiffrer

from ..models import Agent, CodeSecours, CodeTemporel

PAS = 30
CODES_SECOURS = 10
EMETTEUR = "Arpent"
USAGE = "code_temporel"


class FacteurRefuse(ValueError):
    """Why it cannot be; French, says what to do."""


def _dechiffrer(texte: str) -> str:
    """The secret. FacteurRefuse: the key of the instance is no longer the one that wrote it."""
    try:
        return dechiffrer(texte, USAGE)
    except CoffreFerme:
        raise FacteurRefuse(
            "Ce code ne peut plus être vérifié : la clé de l’instance a changé. Utilisez un code de secours."
        ) from None


def a_un_second_facteur(agent: Agent) -> bool:
    """Whether a login by password asks for a code. One query."""
    return CodeTemporel.objects.filter(agent=agent, active_le__isnull=False).exists()


def second_facteur_exige(agent: Agent) -> bool:
    """`ARPENT_SECOND_FACTEUR` wants one: of administrators (1), or of everybody (tous).

    No query when the habilitations are loaded.
    """
    if settings.ARPENT_SECOND_FACTEUR == "tous":
        return True
    return settings.ARPENT_SECOND_FACTEUR == "1" and any(
        h.role == "administrateur" for h in agent.habilitations_en_cours
    )


@transaction.atomic
def preparer_code_temporel(agent: Agent) -> str:
    """A new secret, in base 32, that waits for its first code. FacteurRefuse: one is already active."""
    code, _ = CodeTemporel.objects.select_for_update().get_or_create(
        agent=agent, defaults={"secret": chiffrer(pyotp.random_base32(), USAGE)}
    )
    if code.active_le is not None:
        raise FacteurRefuse("Les codes temporels sont déjà en service sur ce compte : retirez-les d’abord.")
    return _dechiffrer(code.secret)


def secret_en_attente(agent: Agent) -> str | None:
    """The secret shown on the page that waits for the first code. One query."""
    code = CodeTemporel.objects.filter(agent=agent, active_le__isnull=True).first()
    return _dechiffrer(code.secret) if code else None


def image_du_secret(agent: Agent, secret: str) -> str:
    """The QR code of the secret, as the data URL of an SVG image."""
    import segno

    adresse = pyotp.TOTP(secret).provisioning_uri(name=agent.courriel, issuer_name=EMETTEUR)
    return segno.make(adresse, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")


def _pas_du_code(secret: str, saisi: str, apres: int) -> int | None:
    """Time step of a right code that has not served, now or one step aside; None if there is none."""
    totp, maintenant = pyotp.TOTP(secret), int(time.time()) // PAS
    trouves = [
        pas
        for pas in (maintenant - 1, maintenant, maintenant + 1)
        if secrets.compare_digest(totp.at(pas * PAS), saisi)
    ]
    return next((pas for pas in trouves if pas > apres), None)


def _lisible(saisi: str) -> str:
    return "".join(c for c in saisi.upper() if c.isascii() and c.isalnum())


@transaction.atomic
def activer_code_temporel(agent: Agent, saisi: str) -> list[str]:
    """The first right code puts the factor in service; returns the recovery codes, shown once.

    FacteurRefuse: wrong code, or nothing prepared.
    """
    code = CodeTemporel.objects.select_for_update().filter(agent=agent, active_le__isnull=True).first()
    if code is None:
        raise FacteurRefuse("Rien n’est en attente : recommencez depuis « Mon compte ».")
    pas = _pas_du_code(_dechiffrer(code.secret), _lisible(saisi), code.dernier_pas)
    if pas is None:
        raise FacteurRefuse(
            "Ce code n’est pas le bon. Vérifiez l’heure du téléphone, puis tapez le code affiché maintenant."
        )
    code.dernier_pas, code.active_le = pas, timezone.now()
    code.save(update_fields=["dernier_pas", "active_le"])
    consigner("activer_code_temporel", sur=agent, par=agent)
    return _nouveaux_codes(agent)


def _empreinte(agent: Agent, code: str) -> str:
    return salted_hmac("arpent.code_secours", f"{agent.pk}|{code}", algorithm="sha256").hexdigest()


def _nouveaux_codes(agent: Agent) -> list[str]:
    CodeSecours.objects.filter(agent=agent).delete()
    codes = [base64.b32encode(secrets.token_bytes(10)).decode()[:12] for _ in range(CODES_SECOURS)]
    CodeSecours.objects.bulk_create(CodeSecours(agent=agent, empreinte=_empreinte(agent, c)) for c in codes)
    return ["-".join((c[:4], c[4:8], c[8:])) for c in codes]


@transaction.atomic
def refaire_codes_secours(agent: Agent) -> list[str]:
    """Ten new recovery codes, shown once; the former ones no longer open."""
    codes = _nouveaux_codes(agent)
    consigner("refaire_codes_secours", sur=agent, par=agent)
    return codes


def codes_restants(agent: Agent) -> int:
    return CodeSecours.objects.filter(agent=agent, utilise_le__isnull=True).count()


@transaction.atomic
def verifier_second_facteur(agent: Agent, saisi: str) -> str:
    """Name of the factor that a right code proves: it has then served. Empty: the code opens nothing."""
    propre = _lisible(saisi)
    code = CodeTemporel.objects.select_for_update().filter(agent=agent, active_le__isnull=False).first()
    if code is not None and len(propre) == 6 and propre.isdigit():
        pas = _pas_du_code(_dechiffrer(code.secret), propre, code.dernier_pas)
        if pas is not None:
            code.dernier_pas = pas
            code.save(update_fields=["dernier_pas"])
            return "code temporel"
    utilises = CodeSecours.objects.filter(
        agent=agent, empreinte=_empreinte(agent, propre), utilise_le__isnull=True
    ).update(utilise_le=timezone.now())
    if utilises:
        consigner("utiliser_code_secours", sur=agent, par=agent)
        return "code de secours"
    return ""


@transaction.atomic
def retirer_code_temporel(agent: Agent, *, par: Agent | None) -> None:
    """Takes the factor and its recovery codes away. The caller has checked who asks (re-authentication)."""
    nombre, _ = CodeTemporel.objects.filter(agent=agent).delete()
    CodeSecours.objects.filter(agent=agent).delete()
    if nombre:
        consigner("retirer_code_temporel", sur=agent, par=par)
