"""Small secrets kept encrypted in the database, with a key derived from that of the instance for each use."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class CoffreFerme(ValueError):
    """The key of the instance is no longer the one that wrote the secret."""


def _coffre(usage: str) -> Fernet:
    from cryptography.fernet import Fernet  # at the first secret: the start must not wait for it
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    cle = settings.SECRET_KEY.encode()
    derivee = HKDF(hashes.SHA256(), 32, salt=None, info=f"arpent.{usage}".encode()).derive(cle)
    return Fernet(base64.urlsafe_b64encode(derivee))


def chiffrer(secret: str, usage: str) -> str:
    return _coffre(usage).encrypt(secret.encode()).decode()


def dechiffrer(texte: str, usage: str) -> str:
    """The secret. CoffreFerme."""
    from cryptography.fernet import InvalidToken

    try:
        return _coffre(usage).decrypt(texte.encode()).decode()
    except InvalidToken:
        raise CoffreFerme("La clé de l’instance a changé : ce secret ne peut plus être lu.") from None
