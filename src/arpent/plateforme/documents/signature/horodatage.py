"""Time-stamps of a third party (RFC 3161) on anything that has a SHA-256: asked for, then judged."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .certificats import identite_de, racines

SECONDES = 5


class HorodatageImpossible(ValueError):
    """No token, or one that does not hold; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Jeton:
    """What a token says. `reconnu`: its authority is among the roots that the instance trusts."""

    le: datetime
    autorite: str
    reconnu: bool


def horodater(contenu: bytes, adresse: str) -> bytes:
    """The token (DER) of that server on the SHA-256 of `contenu`. Raises HorodatageImpossible."""
    from pyhanko.sign import timestamps

    serveur = timestamps.HTTPTimeStamper(adresse, timeout=SECONDES)
    try:
        jeton = asyncio.run(serveur.async_timestamp(hashlib.sha256(contenu).digest(), "sha256"))
    except Exception as erreur:  # network, HTTP and ASN.1 raise as they like: the answer is the same
        raise HorodatageImpossible(
            f"Le serveur d’horodatage {adresse} n’a pas donné de jeton : vérifiez ARPENT_HORODATAGE et le "
            "réseau, puis recommencez."
        ) from erreur
    lire_jeton(jeton.dump(), contenu)
    return bytes(jeton.dump())


def lire_jeton(jeton: bytes, contenu: bytes, dossier: Path | None = None) -> Jeton:
    """When a third party saw `contenu`. HorodatageImpossible: broken, forged, or of another content."""
    from asn1crypto import cms
    from cryptography import x509
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext

    confiance = racines(dossier) if dossier else []
    try:
        signe = cms.ContentInfo.load(jeton, strict=True)["content"]
        le = signe["encap_content_info"]["content"].parsed["gen_time"].native
        contexte = ValidationContext(
            trust_roots=confiance, allow_fetching=False, moment=le, revocation_mode="soft-fail"
        )
        lu: dict[str, Any] = asyncio.run(
            validate_tst_signed_data(signe, contexte, lambda algo: hashlib.new(algo, contenu).digest())
        )
        statut = TimestampSignatureStatus(**lu)
        identite = identite_de(x509.load_der_x509_certificate(statut.signing_cert.dump()))
    except Exception as erreur:  # a forged token makes the readers raise almost anything
        raise HorodatageImpossible("Ce jeton d’horodatage est illisible.") from erreur
    if not (statut.intact and statut.valid):
        raise HorodatageImpossible("Ce jeton d’horodatage ne porte pas sur ce contenu, ou a été modifié.")
    return Jeton(le, identite.nom, bool(confiance) and bool(statut.trusted))
