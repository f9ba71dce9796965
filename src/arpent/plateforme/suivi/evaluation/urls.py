from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/bilan/"
_UN = f"{_ICI}indicateurs/<int:pk>/"
urlpatterns = [
    path(f"{_ICI}evaluation/", views.evaluation, name="evaluation"),
    path(f"{_ICI}axes/<int:numero>/poids/", views.poids, name="poids"),
    path(f"{_ICI}indicateurs/nouveau/", views.indicateur_creer, name="indicateur_creer"),
    path(_UN, views.indicateur, name="indicateur"),
    path(f"{_UN}modifier/", views.indicateur_modifier, name="indicateur_modifier"),
    path(f"{_UN}supprimer/", views.indicateur_supprimer, name="indicateur_supprimer"),
    path(f"{_UN}valeurs/", views.valeur_noter, name="valeur_noter"),
    path(f"{_UN}releve/", views.valeur_relever, name="valeur_relever"),
    path(f"{_ICI}valeurs/<int:pk>/effacer/", views.valeur_effacer, name="valeur_effacer"),
]
