"""The door before the keys of an account: who one is was proved a quarter of an hour ago at most."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from .sessions import identite_confirmee


def identite_requise(
    retour: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Inside `page("connecte")`: leads to the confirmation, then to the page named `retour`."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if identite_confirmee(request):
                return view(request, *args, **kwargs)
            messages.info(request, "Confirmez d’abord que c’est bien vous.")
            return redirect(f"{reverse('compte:confirmer')}?{urlencode({'suite': reverse(retour)})}")

        return guarded

    return decorate
