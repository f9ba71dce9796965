"""The realisation of the contract."""

from django.urls import path

from . import views
from .apcp.urls import urlpatterns as apcp
from .dossiers.urls import urlpatterns as dossiers
from .echeances.urls import urlpatterns as echeances
from .versements.urls import urlpatterns as versements

app_name = "subventions"
_RACINE = "territoires/<slug:slug>/realisation/"
urlpatterns = [
    path(_RACINE, views.realisation, name="realisation"),
    path(f"{_RACINE}projets/<int:pk>/attribution/<str:fichier>", views.acte, name="acte"),
    path(f"{_RACINE}emission/", views.emission, name="emission"),
    path(f"{_RACINE}actes-emis/<int:pk>/", views.acte_emis, name="acte_emis"),
    path(f"{_RACINE}actes/<str:genre>.zip", views.actes, name="actes"),
    *dossiers,
    *versements,
    *echeances,
    *apcp,
]
