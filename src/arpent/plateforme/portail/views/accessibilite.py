"""What the platform does for accessibility, and what to do when something blocks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import publique


@publique()
def accessibilite(request: HttpRequest) -> HttpResponse:
    return render(request, "portail/accessibilite.html")
