"""Around the API: every error is problem+json, the rate is said, the hour of the last use is kept.

It stands outside the read-only section of GET: noting the hour a token served is the only trace of a reading.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .jetons import noter_usage
from .models import Jeton
from .problemes import Probleme, reponse

RACINE = "/api/v1/"
_ECRIVENT = frozenset({"POST", "PUT", "PATCH"})
_PAGES = ("/api/v1/doc/", "/api/v1/openapi.json")


def api_en_json(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(RACINE) or request.path in _PAGES:
            return get_response(request)
        if request.method in _ECRIVENT and request.content_type != "application/json":
            return reponse(Probleme(400, "Le corps doit être du JSON : « Content-Type: application/json »."))
        envoi = get_response(request)
        if envoi.status_code >= 400 and "json" not in envoi.headers.get("Content-Type", ""):
            garder = {n: envoi.headers[n] for n in ("Allow", "Retry-After") if n in envoi.headers}
            envoi = reponse(Probleme(envoi.status_code, entetes=garder))
        jeton = vars(request).get("api_jeton")
        if isinstance(jeton, Jeton):
            debit = vars(request)["api_debit"]
            envoi.headers["RateLimit-Limit"] = str(debit.limite)
            envoi.headers["RateLimit-Remaining"] = str(debit.reste)
            envoi.headers["RateLimit-Reset"] = str(debit.secondes)
            if envoi.status_code < 500:
                noter_usage(jeton, timezone.now())
        return envoi

    return middleware
