"""Importing a plan d'actions."""

from django.urls import path

from . import views

app_name = "echanges"
IMPORT = "territoires/<slug:slug>/plan/importer/"

urlpatterns = [
    path(IMPORT, views.importer, name="importer"),
    path(f"{IMPORT}exemple.xlsx", views.exemple, name="exemple"),
    path(f"{IMPORT}<int:pk>/", views.apercu, name="apercu"),
    path(f"{IMPORT}<int:pk>/rejets.csv", views.rejets, name="rejets"),
    path(f"{IMPORT}<int:pk>/confirmer/", views.confirmer, name="confirmer"),
    path(f"{IMPORT}<int:pk>/abandonner/", views.abandonner, name="abandonner"),
]
