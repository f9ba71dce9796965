from django.urls import path

from . import comparer, views

_ICI = "dispositifs/<slug:slug>/scenarios/"
urlpatterns = [
    path(_ICI, views.ensembles, name="ensembles"),
    path(f"{_ICI}copier/", views.copier, name="ensemble_copier"),
    path(f"{_ICI}rechercher/", views.rechercher, name="ensemble_rechercher"),
    path(f"{_ICI}comparer/", comparer.comparaison, name="ensemble_comparer"),
    path(f"{_ICI}comparer/<slug:table>.csv", comparer.csv, name="ensemble_csv"),
    path(f"{_ICI}comparer/<slug:table>.xlsx", comparer.xlsx, name="ensemble_xlsx"),
    path(f"{_ICI}fusionner/", comparer.fusionner, name="ensemble_fusionner"),
    path(f"{_ICI}<int:pk>/", views.ensemble, name="ensemble"),
    path(f"{_ICI}<int:pk>/modifier/", views.modifier, name="ensemble_modifier"),
    path(f"{_ICI}<int:pk>/supprimer/", views.supprimer, name="ensemble_supprimer"),
    path(f"{_ICI}<int:pk>/reprendre/", comparer.reprendre, name="ensemble_reprendre"),
]
