"""Deadlines of the grant files."""

from django.urls import path

from . import views

_D = "territoires/<slug:slug>/realisation/dossiers/<int:annee>-<int:numero>/"
_A = "dispositifs/<slug:slug>/echeances/"
urlpatterns = [
    path(f"{_D}avancement/", views.declarer, name="dossier_avancement"),
    path(f"{_D}prorogations/nouvelle/", views.prorogation_nouvelle, name="prorogation_nouvelle"),
    path(
        f"{_D}prorogations/<int:rang>/decider/<slug:geste>/",
        views.prorogation_geste,
        name="prorogation_geste",
    ),
    path(f"{_D}prorogations/<int:rang>/arrete.pdf", views.prorogation_acte, name="prorogation_acte"),
    path(_A, views.dispositif, name="echeances_dispositif"),
    path(f"{_A}dossiers.csv", views.dispositif, {"genre": "csv"}, name="echeances_csv"),
    path(f"{_A}dossiers.xlsx", views.dispositif, {"genre": "xlsx"}, name="echeances_xlsx"),
    path(f"{_A}caducites/", views.caducites, name="caducites"),
    path(f"{_A}caducites/projet.pdf", views.caducites_projet, name="caducites_projet"),
    path(f"{_A}caducites/<int:pk>/arrete.pdf", views.caducites_acte, name="caducites_acte"),
]
