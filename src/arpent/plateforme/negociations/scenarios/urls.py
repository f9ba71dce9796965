from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/negociation/scenarios/"
urlpatterns = [
    path(_ICI, views.scenarios, name="scenarios"),
    path(f"{_ICI}copier/", views.copier, name="scenario_copier"),
    path(f"{_ICI}rechercher/", views.rechercher, name="scenario_rechercher"),
    path(f"{_ICI}comparer/", views.comparer, name="scenario_comparer"),
    path(f"{_ICI}fusionner/", views.fusionner, name="scenario_fusionner"),
    path(f"{_ICI}<int:pk>/", views.scenario, name="scenario"),
    path(f"{_ICI}<int:pk>/modifier/", views.modifier, name="scenario_modifier"),
    path(f"{_ICI}<int:pk>/supprimer/", views.supprimer, name="scenario_supprimer"),
    path(f"{_ICI}<int:pk>/reprendre/", views.reprendre, name="scenario_reprendre"),
]
