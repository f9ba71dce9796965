"""The open data."""

from django.urls import path

from .views import donnees

app_name = "donnees"
urlpatterns = [
    path("donnees/", donnees.donnees, name="donnees"),
    path("donnees/catalogue.jsonld", donnees.dcat, name="catalogue"),
    path("donnees/dictionnaire.csv", donnees.dictionnaire, name="dictionnaire"),
    path("donnees/schemas/<str:nom>", donnees.schema, name="schema"),
    path("donnees/siret/<int:pk>/", donnees.siret, name="siret"),
    path("donnees/<str:nom>", donnees.fichier, name="fichier"),
]
