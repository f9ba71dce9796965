"""One submission, one effect: a form sent twice replays the first answer.

Each form carries a random `_soumission` (tag `{% soumission %}`). The row that claims the key is written in
the transaction of the view itself: a concurrent second sending waits for the first one, then finds its row
and is redirected to the same place. An answer that is not a redirect (form to correct, refusal) keeps
nothing, so that the corrected form can be sent again; unless the view says that this page keeps its effect
(`avec_effet`), which frees the key all the same.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .models import Soumission

CHAMP = "_soumission"


_EFFET = "_effet_garde"


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
                    return HttpResponseRedirect(done.reponse_url)
                row = Soumission.objects.create(cle=key, reponse_url=request.path)
                response = view(request, *args, **kwargs)
                if vars(response).get(_EFFET):
                    row.delete()
                    return response
                if response.status_code not in {302, 303}:
                    raise _SansSuite(response)
                row.reponse_url = response.headers["Location"]
                row.save(update_fields=["reponse_url"])
                return response
        except _SansSuite as outcome:
            return outcome.response
        except IntegrityError:
            if done := Soumission.objects.filter(cle=key).first():
                return HttpResponseRedirect(done.reponse_url)
            raise
