"""Imports of a plan d'actions."""

from django.urls import path

from . import views

app_name = "echanges"
IMPORT = "territoires/<slug:slug>/plan/importer/"

urlpatterns = [
    path(IMPORT, views.importer, name="importer"),
    path(f"{IMPORT}exemple.xlsx", views.import_exemple, name="import_exemple"),
    path(f"{IMPORT}<int:pk>/", views.import_apercu, name="import_apercu"),
    path(f"{IMPORT}<int:pk>/rejets.csv", views.import_rejets, name="import_rejets"),
    path(f"{IMPORT}<int:pk>/confirmer/", views.import_confirmer, name="import_confirmer"),
    path(f"{IMPORT}<int:pk>/abandonner/", views.import_abandonner, name="import_abandonner"),
]
