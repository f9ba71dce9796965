"""Fingerprints: what proves that a document is the one that was generated, and from which data."""

from __future__ import annotations

from hashlib import sha256

from .serie import en_json


def empreinte(contenu: bytes) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return sha256(contenu).hexdigest()


def empreinte_des_donnees(document: object) -> str:
    """SHA-256 of the canonical JSON of a document dataclass: the same data, the same fingerprint."""
    return empreinte(en_json(document).encode())
