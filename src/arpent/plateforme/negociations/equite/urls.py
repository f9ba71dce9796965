from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/negociation/equite/"
_TOUS = "dispositifs/<slug:slug>/equite/"
urlpatterns = [
    path(_ICI, views.equite, name="equite"),
    path(f"{_ICI}tableau.csv", views.equite_csv, name="equite_csv"),
    path(f"{_ICI}tableau.xlsx", views.equite_xlsx, name="equite_xlsx"),
    path(_TOUS, views.dispositif_equite, name="dispositif_equite"),
    path(f"{_TOUS}tableau.csv", views.dispositif_equite_csv, name="dispositif_equite_csv"),
    path(f"{_TOUS}tableau.xlsx", views.dispositif_equite_xlsx, name="dispositif_equite_xlsx"),
]
