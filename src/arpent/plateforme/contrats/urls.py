"""The contract: its text, its parties, its versions, its files."""

from django.urls import path

from . import views

app_name = "contrats"

_RACINE = "territoires/<slug:slug>/contrat/"
urlpatterns = [
    path(_RACINE, views.contrat, name="contrat"),
    path(f"{_RACINE}preparer/", views.preparer, name="preparer"),
    path(f"{_RACINE}modifier/", views.modifier, name="modifier"),
    path(f"{_RACINE}parties/", views.parties, name="parties"),
    path(f"{_RACINE}parties/<int:pk>/", views.partie, name="partie"),
    path(f"{_RACINE}generer/", views.generer, name="generer"),
    path(f"{_RACINE}etat/", views.geste, name="geste"),
    path(f"{_RACINE}documents/<int:pk>/", views.document, name="document"),
]
