from django.urls import path

from .views import dispositif, parametres

app_name = "reglements"
urlpatterns = [
    path("dispositifs/", dispositif.dispositifs, name="dispositifs"),
    path("dispositifs/parametres-legaux/", parametres.parametres_legaux, name="parametres_legaux"),
    path(
        "dispositifs/parametres-legaux/lignes/<int:pk>/",
        parametres.parametre_corriger,
        name="parametre_corriger",
    ),
    path(
        "dispositifs/parametres-legaux/<slug:code>/nouvelle/",
        parametres.parametre_ajouter,
        name="parametre_ajouter",
    ),
    path("dispositifs/<slug:slug>/", dispositif.dispositif, name="dispositif"),
]
