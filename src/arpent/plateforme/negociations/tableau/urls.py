"""The arbitration table: of the maquette in progress, and of any scenario one may see."""

from django.urls import path

from . import views

_MAQUETTE = "territoires/<slug:slug>/negociation/"
_SCENARIO = f"{_MAQUETTE}scenarios/<int:pk>/tableau/"
urlpatterns = [
    path(_MAQUETTE, views.maquette, name="maquette"),
    path(f"{_MAQUETTE}enregistrer/", views.enregistrer, name="enregistrer"),
    path(f"{_MAQUETTE}lignes/", views.lignes, name="lignes"),
    path(f"{_MAQUETTE}suite/", views.suite, name="suite"),
    path(_SCENARIO, views.scenario_tableau, name="scenario_tableau"),
    path(f"{_SCENARIO}enregistrer/", views.scenario_enregistrer, name="scenario_enregistrer"),
    path(f"{_SCENARIO}lignes/", views.scenario_lignes, name="scenario_lignes"),
    path(f"{_SCENARIO}suite/", views.scenario_suite, name="scenario_suite"),
]
