"""The catalogue of components, for those who build and review pages (`ARPENT_COMPOSANTS`)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .catalogue import contours, presenter, valeurs

THEMES = {"clair": "Clair", "sombre": "Sombre"}


def _ouvert_ou_404() -> None:
    if not settings.ARPENT_COMPOSANTS:
        raise Http404


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with the code to copy. No query beyond those of any page."""
    _ouvert_ou_404()
    theme = request.GET.get("theme", "")
    contexte = {
        "specimens": presenter(valeurs(), request),
        "theme": theme if theme in THEMES else "",
        "themes": [("", "Système"), *THEMES.items()],
    }
    return render(request, "socle/catalogue.html", contexte)


@require_safe
def contours_de_demonstration(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the map of the catalogue: invented outlines."""
    _ouvert_ou_404()
    return JsonResponse(contours())


# Classified by hand: the door of pages (`acteurs.acces`) lies above this room.
catalogue.droit = "public"  # type: ignore[attr-defined]
contours_de_demonstration.droit = "public"  # type: ignore[attr-defined]
