"""The far ends of the round: a mail server and another program, that note each thing they have taken.

What they took is one line in a file of the instance: it survives the kill of the sender, as theirs would.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

REPONSE = 0.01
"""Seconds between taking and answering, at most: where a kill makes a sending unknown."""


def _fichier(nom: str) -> Path:
    return Path(settings.ARPENT_DONNEES) / f"recus-{nom}"


def _noter(nom: str, cle: str) -> None:
    descripteur = os.open(_fichier(nom), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descripteur, f"{cle}\n".encode())
    os.close(descripteur)
    time.sleep(random.uniform(0, REPONSE))


def recus(nom: str) -> Counter[str]:
    """How many times each key was taken: `courriels` by Message-ID, `evenements` by number of delivery."""
    fichier = _fichier(nom)
    return Counter(fichier.read_text().split()) if fichier.exists() else Counter()


class Boite(BaseEmailBackend):
    """EMAIL_BACKEND of the kills."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            _noter("courriels", str(message.extra_headers["Message-ID"]))
        return len(messages)


def poster(url: str, corps: bytes, entetes: Mapping[str, str]) -> Any:
    """In the stead of `sorties_reseau.poster`."""
    from arpent.plateforme.socle.sorties_reseau import Reponse

    _noter("evenements", entetes["Arpent-Livraison"])
    return Reponse(200, b"")
