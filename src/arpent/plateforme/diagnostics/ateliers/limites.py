"""Nobody floods a workshop, nobody guesses its code.

| what | bound |
|---|---|
| wrong codes from one address | 60 in 5 minutes (a whole room may share one address) |
| sendings of one phone | an effort of 60 a minute: a finding costs 10, a change of table 5, a point 1 |
| findings of one workshop | 120 a minute, 600 in all |
| phones of one workshop | 1,000 |

Addresses are kept only in memory, for five minutes, hashed with a key drawn when the process starts.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest

FENETRE_CODES = 300.0
CODES_FAUX = 60
ADRESSES = 10_000
EFFORT_PAR_MINUTE = 60
EFFORT_CONTRIBUTION, EFFORT_TABLE, EFFORT_POINT = 10, 5, 1
CONTRIBUTIONS_PAR_MINUTE = 120
CONTRIBUTIONS = 600
PARTICIPANTS = 1_000

_CLE = secrets.token_bytes(32)
_verrou = threading.Lock()
_faux: OrderedDict[bytes, list[float]] = OrderedDict()


def _adresse(request: HttpRequest) -> bytes:
    """The address, hashed. Behind the TLS proxy, the one that the proxy itself saw (last)."""
    adresse = str(request.META.get("REMOTE_ADDR", ""))
    if settings.ARPENT_HTTPS and (suite := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        adresse = str(suite).rpartition(",")[2].strip()
    return hmac.digest(_CLE, adresse.encode(), hashlib.sha256)


def trop_de_codes_faux(request: HttpRequest) -> bool:
    """Asked before any code is looked up, so that a right one gets the same answer."""
    depuis = time.monotonic() - FENETRE_CODES
    with _verrou:
        return sum(t > depuis for t in _faux.get(_adresse(request), ())) >= CODES_FAUX


def noter_code_faux(request: HttpRequest) -> None:
    cle, maintenant = _adresse(request), time.monotonic()
    with _verrou:
        recents = [t for t in _faux.pop(cle, []) if t > maintenant - FENETRE_CODES]
        _faux[cle] = [*recents, maintenant][-CODES_FAUX:]
        while len(_faux) > ADRESSES:
            _faux.popitem(last=False)


def oublier() -> None:
    """For tests."""
    with _verrou:
        _faux.clear()
