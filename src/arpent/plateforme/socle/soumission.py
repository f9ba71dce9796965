"""One submission, one effect: a form sent twice replays the first answer.

Each form carries a random `_soumission` (tag `{% soumission %}`). The row that claims the key is written in
the transaction of the view itself: a concurrent second sending waits for the first one, then finds its row
and is redirected to the same place. An answer that is not a redirect (form to correct, refusal) keeps
nothing, so that the corrected form can be sent again; unless the view says that this page keeps its effect
(`avec_effet`), which frees the key all the same, or is the report of what was done (`rejouable`), which is
kept a week and replayed as it was.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .models import Soumission

CHAMP = "_soumission"
GARDE = timedelta(days=7)
_EFFET, _REJOUABLE = "_effet_garde", "_rejouable"


def rejouable(response: HttpResponse) -> HttpResponse:
    """A page that says what was done: sent again, the form shows it again and does nothing."""
    vars(response)[_REJOUABLE] = True
    return response


def _rejouer(done: Soumission) -> HttpResponse:
    return HttpResponse(done.page) if done.page else HttpResponseRedirect(done.reponse_url)


def _garder(row: Soumission, response: HttpResponse) -> None:
    if response.status_code in {302, 303}:
        row.reponse_url = response.headers["Location"]
    else:
        row.page = response.content.decode()
    row.save(update_fields=["reponse_url", "page"])


def oublier(maintenant: datetime) -> int:
    """Forgets what was sent more than a week ago: its session is long dead. How many rows."""
    return Soumission.objects.filter(recue_le__lt=maintenant - GARDE).delete()[0]


def avec_effet(response: HttpResponse) -> HttpResponse:
    """This page is the answer to something that was written: what was written stays."""
    vars(response)[_EFFET] = True
    return response


class _SansSuite(Exception):
    """Rolls back the claim of a submission that led to no redirect."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class SoumissionUnique:
    """Middleware; see the module's promise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or not (jeton := request.POST.get(CHAMP)):
            return None
        who = request.session.session_key or "anonyme"
        key = hashlib.sha256(f"{who}|{request.path}|{jeton}".encode()).hexdigest()
        try:
            with transaction.atomic():
                if done := Soumission.objects.filter(cle=key).first():
                    return _rejouer(done)
                row = Soumission.objects.create(cle=key, reponse_url=request.path)
                response = view(request, *args, **kwargs)
                if vars(response).get(_EFFET):
                    row.delete()
                    return response
                if response.status_code not in {302, 303} and not vars(response).get(_REJOUABLE):
                    raise _SansSuite(response)
                _garder(row, response)
                return response
        except _SansSuite as outcome:
            return outcome.response
        except IntegrityError:
            if done := Soumission.objects.filter(cle=key).first():
                return _rejouer(done)
            raise
