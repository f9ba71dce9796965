"""What the server says of each request: a number that follows it, its time, lines that a machine reads."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from . import mesures

ENTETE = "X-Request-ID"
NUMERO: ContextVar[str] = ContextVar("numero", default="")
_ADMIS = re.compile(r"[A-Za-z0-9._-]{8,64}")
_acces = logging.getLogger("arpent.acces")


def _numero_de(request: HttpRequest) -> str:
    """That of the proxy when it is one, so that both logs tell the same story; else a new one."""
    recu = request.headers.get(ENTETE, "")
    return recu if _ADMIS.fullmatch(recu) else uuid.uuid4().hex


def suivi(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Gives the request its number, times it, counts it. No query, no session, nothing of the form."""

    def middleware(request: HttpRequest) -> HttpResponse:
        numero = _numero_de(request)
        jeton, debut = NUMERO.set(numero), time.perf_counter()
        try:
            response = get_response(request)
            duree = time.perf_counter() - debut
            response.headers[ENTETE] = numero
            mesures.compter(response.status_code, duree)
            _acces.info(
                "%s %s %s",
                request.method,
                request.path,
                response.status_code,
                extra={"duree_ms": round(duree * 1000, 1), "statut": response.status_code},
            )
            return response
        finally:
            NUMERO.reset(jeton)

    return middleware


class AvecNumero(logging.Filter):
    """Each line of the log carries the number of the request it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.numero = NUMERO.get()
        return True


class EnJson(logging.Formatter):
    """One JSON object a line (`ARPENT_JOURNAUX=json`)."""

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, object] = {
            "le": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "nom": record.name,
            "message": record.getMessage(),
            "demande": getattr(record, "numero", ""),
            "processus": record.process,
        }
        for cle in ("duree_ms", "statut"):
            if hasattr(record, cle):
                ligne[cle] = getattr(record, cle)
        if record.exc_info:
            ligne["erreur"] = self.formatException(record.exc_info)
        return json.dumps(ligne, ensure_ascii=False)
