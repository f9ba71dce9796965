from django.urls import path

from . import views

_ICI = "dispositifs/<slug:slug>/enveloppes/"
urlpatterns = [
    path(_ICI, views.simulation, name="simulation"),
    path(f"{_ICI}carte.json", views.carte, name="simulation_carte"),
    path(f"{_ICI}tableau.csv", views.csv, name="simulation_csv"),
]
