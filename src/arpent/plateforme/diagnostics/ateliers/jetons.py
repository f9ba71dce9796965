"""The cookie of a phone: a random token, signed, for one workshop only. The database keeps its SHA-256.

The cookie carries no name and its path is the workshop's own address: it follows nobody elsewhere.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ..models import Atelier

NOM = "arpent_atelier"
DUREE = 12 * 3600
"""Seconds: the day of the workshop."""


def _sel(atelier: Atelier) -> str:
    return f"arpent.atelier.{atelier.pk}"


def lire(request: HttpRequest, atelier: Atelier) -> str | None:
    """Fingerprint of the token of this phone; None without one, or when it is expired or forged."""
    try:
        jeton = signing.loads(request.COOKIES.get(NOM, ""), salt=_sel(atelier), max_age=DUREE)
    except signing.BadSignature:
        return None
    return hashlib.sha256(str(jeton).encode()).hexdigest()


def poser(response: HttpResponse, atelier: Atelier) -> None:
    """Gives this phone a new token."""
    response.set_cookie(
        NOM,
        signing.dumps(secrets.token_urlsafe(24), salt=_sel(atelier)),
        max_age=DUREE,
        path=reverse("diagnostics:telephone", args=[atelier.code]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
