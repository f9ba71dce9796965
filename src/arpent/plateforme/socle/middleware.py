"""Middlewares without a domain word: headers, and the promise that GET never writes."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
_READS = re.compile(r"\s*\(*\s*(SELECT|EXPLAIN|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|SHOW|SET)\b", re.I)


class EcritureInterdite(RuntimeError):
    """A GET request tried to write in the database."""


def entetes(get_response: GetResponse) -> GetResponse:
    """Headers that Django does not set; pages of a session are never kept by a shared cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "text/html" in response.headers.get("Content-Type", ""):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def _refuse_write(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _READS.match(sql):
        return execute(sql, params, many, context)
    raise EcritureInterdite(sql[:200])


def lecture_seule(get_response: GetResponse) -> GetResponse:
    """GET, HEAD and OPTIONS run with every writing statement refused."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            return get_response(request)
        with connections["default"].execute_wrapper(_refuse_write):
            return get_response(request)

    return middleware


def sans_caractere_nul(get_response: GetResponse) -> GetResponse:
    """Refuses (400) an address or a form that holds NUL: nobody types it, PostgreSQL cannot keep it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        for envoi in (request.GET, request.POST):
            if any("\0" in cle or any("\0" in texte for texte in textes) for cle, textes in envoi.lists()):
                raise BadRequest("Le texte envoyé contient un caractère nul.")
        return get_response(request)

    return middleware
