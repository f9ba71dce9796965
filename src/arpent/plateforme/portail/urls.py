"""Home, login, territories, journal, search."""

from django.http import HttpResponse
from django.urls import path

from . import connexion

app_name = "portail"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("", _v, name="accueil"),
    path("connexion/", connexion.connexion, name="connexion"),
    path("connexion/demonstration/<int:pk>/", connexion.connexion_demo, name="connexion_demo"),
    path("deconnexion/", connexion.deconnexion, name="deconnexion"),
    path("territoires/", _v, name="territoires"),
    path("territoires/<slug:slug>/", _v, name="territoire"),
    path("territoires/<slug:slug>/journal/", _v, name="journal"),
    path("journal/", _v, name="journal_general"),
]
