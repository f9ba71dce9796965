"""Error pages: what happened, why, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RAISON_PAR_DEFAUT = "Votre rôle ne permet pas ce geste."


def demande_illisible(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def acces_refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    raison = str(exception) if exception and str(exception) else RAISON_PAR_DEFAUT
    return render(request, "403.html", {"raison": raison}, status=403)


def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    raison = (
        "Le formulaire a été ouvert trop longtemps ou dans une autre session. "
        "Revenez à la page précédente, rechargez-la, puis renvoyez-le."
    )
    return render(request, "403.html", {"raison": raison}, status=403)


def erreur_interne(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
