"""What is said when the database or the disk takes nothing now; nobody waits twice for the same failure.

While PostgreSQL is away each request waits a second for a connection. For half a second after such a failure
the next ones are answered at once, so that the threads stay free for static files and for `/sante/`.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

REESSAYER_APRES = "5"
REPIT = 0.5
"""Seconds."""
TOUJOURS = ("/sante/", "/mesures/", "/statique/")
_derniere: list[float] = []


class DepotMuet(Exception):
    """The store of files, elsewhere on the network, does not answer. No OSError: its files are not lost."""


def depot_indisponible() -> HttpResponse:
    return _page("503_depot.html", 503)


def base_indisponible() -> HttpResponse:
    """503 with the time to wait. Reads neither request nor session: that may be what cannot be read."""
    return _page("503.html", 503)


def disque_plein() -> HttpResponse:
    return _page("507.html", 507)


def _page(gabarit: str, statut: int) -> HttpResponse:
    return HttpResponse(
        render_to_string(gabarit),
        status=statut,
        headers={"Retry-After": REESSAYER_APRES, "Cache-Control": "no-store"},
    )


def est_un_disque_plein(erreur: BaseException | None) -> bool:
    return isinstance(erreur, OSError) and erreur.errno in {errno.ENOSPC, errno.EDQUOT}


def noter_si_attente(erreur: BaseException) -> None:
    """Remembers the failure when it was a wait for a connection that never came."""
    if type(erreur.__cause__).__name__ == "PoolTimeout":  # without loading the pool where there is none
        _derniere[:] = [time.monotonic()]


def sans_attendre(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers 503 at once just after a failure; addresses that need no database go on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        en_repit = bool(_derniere) and time.monotonic() - _derniere[0] < REPIT
        if en_repit and not request.path.startswith(TOUJOURS):
            return base_indisponible()
        return get_response(request)

    return middleware
