"""Sessions end: after eight hours at most, sooner when nothing happens.

The last activity is a signed cookie, not a row: GET never writes.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .models import Agent

COOKIE = "arpent_activite"
OUVERTE_LE = "ouverte_le"
A_ENROLER = "second_facteur_a_enroler"
_PAGES_DU_COMPTE = ("/compte/", "/deconnexion/", "/accessibilite/")
_SEL = "arpent.activite"


def _derniere_activite(request: HttpRequest) -> float | None:
    try:
        session, instant = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return float(instant) if session == request.session.session_key else None


def _est_expiree(request: HttpRequest, agent: Agent, now: float) -> bool:
    opened = float(request.session.get(OUVERTE_LE, now))
    seen = _derniere_activite(request) or opened
    administrator = any(h.role == "administrateur" for h in agent.habilitations_en_cours)
    idle = settings.ARPENT_INACTIVITE_ADMIN if administrator else settings.ARPENT_INACTIVITE
    return now - opened > settings.SESSION_COOKIE_AGE or now - seen > idle


def _doit_enroler(request: HttpRequest) -> bool:
    """The instance wants a second factor of this person, who has none yet. No query."""
    enrole = not request.user.is_authenticated or not request.session.get(A_ENROLER)
    return not enrole and not request.path.startswith(_PAGES_DU_COMPTE)


def session_bornee(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Past the absolute age, or the idle time of the strongest role held, the person is anonymous again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        now = time.time()
        agent = request.user
        expired = isinstance(agent, Agent) and _est_expiree(request, agent, now)
        if expired:
            request.user = AnonymousUser()
        if not expired and _doit_enroler(request):
            response: HttpResponse = redirect("compte:code")
        else:
            response = get_response(request)
        if expired:
            response.delete_cookie(settings.SESSION_COOKIE_NAME, path="/", samesite="Lax")
            response.delete_cookie(COOKIE)
        elif request.user.is_authenticated and request.session.session_key:
            value = signing.dumps([request.session.session_key, int(now)], salt=_SEL)
            response.set_cookie(
                COOKIE, value, httponly=True, samesite="Lax", secure=settings.ARPENT_HTTPS, path="/"
            )
        return response

    return middleware
