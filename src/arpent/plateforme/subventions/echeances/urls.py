"""Deadlines of the grant files."""

from django.urls import path

from .views import autorite, dossier

_D = "territoires/<slug:slug>/realisation/dossiers/<int:annee>-<int:numero>/"
_A = "dispositifs/<slug:slug>/echeances/"
urlpatterns = [
    path(f"{_D}avancement/", dossier.declarer, name="dossier_avancement"),
    path(f"{_D}prorogations/nouvelle/", dossier.prorogation_nouvelle, name="prorogation_nouvelle"),
    path(
        f"{_D}prorogations/<int:rang>/decider/<slug:geste>/",
        dossier.prorogation_geste,
        name="prorogation_geste",
    ),
    path(f"{_D}prorogations/<int:rang>/arrete.pdf", dossier.prorogation_acte, name="prorogation_acte"),
    path(_A, autorite.dispositif, name="echeances_dispositif"),
    path(f"{_A}dossiers.csv", autorite.dispositif, {"genre": "csv"}, name="echeances_csv"),
    path(f"{_A}dossiers.xlsx", autorite.dispositif, {"genre": "xlsx"}, name="echeances_xlsx"),
    path(f"{_A}caducites/", autorite.caducites, name="caducites"),
    path(f"{_A}caducites/projet.pdf", autorite.caducites_projet, name="caducites_projet"),
    path(f"{_A}caducites/<int:pk>/arrete.pdf", autorite.caducites_acte, name="caducites_acte"),
]
