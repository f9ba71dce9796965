"""What the readable proof of a consent needs to know: the facts that its sealed JSON proof holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PreuveConsentementDoc:
    """Who consented, when, how known, to which file, in which words.

    `sceau`: HMAC of the facts with the key of the instance; `preuve_sha256`: of the JSON proof kept beside.
    """

    objet: str
    """« Contrat de Gévaudan, version 2 »."""
    document: str
    document_sha256: str
    partie: str
    siren: str
    signataire: str
    qualite: str
    delegation: str
    compte: str
    courriel: str
    authentification: str
    adresse_sha256: str
    """Hash of the network address: it is compared, never read."""
    le: str
    """« 3 mars 2026 à 14 h 05 min 12 s »."""
    instant: str
    """The same, ISO 8601 with its offset."""
    mots: str
    sceau: str
    preuve_sha256: str
    etabli_le: date
    demonstration: bool = False
    gabarit: str = "preuve/v1"
