"""Payments of a grant file."""

from django.urls import path

from . import views

_D = "territoires/<slug:slug>/realisation/dossiers/<int:annee>-<int:numero>/"
_V = f"{_D}versements/"
urlpatterns = [
    path("versements/", views.liste, name="demandes_versement"),
    path("versements/demandes.xlsx", views.liste, {"genre": "xlsx"}, name="demandes_versement_xlsx"),
    path(_V, views.versements, name="versements"),
    path(f"{_V}nouveau/", views.nouveau, name="versement_nouveau"),
    path(f"{_V}<int:rang>/", views.versement, name="versement"),
    path(f"{_V}<int:rang>/modifier/", views.modifier, name="versement_modifier"),
    path(f"{_V}<int:rang>/justificatifs/", views.joindre, name="versement_joindre"),
    path(f"{_V}<int:rang>/justificatifs/<int:pk>/", views.piece, name="versement_piece"),
    path(
        f"{_V}<int:rang>/justificatifs/<int:pk>/retirer/", views.retirer_piece, name="versement_piece_retirer"
    ),
    path(f"{_V}<int:rang>/gestes/<slug:geste>/", views.geste, name="versement_geste"),
    path(f"{_V}retenues/<int:pk>/lever/", views.lever, name="retenue_lever"),
    path(f"{_D}reversements/nouveau/", views.reversement_nouveau, name="reversement_nouveau"),
    path(
        f"{_D}reversements/<int:rang>/suite/<slug:geste>/", views.reversement_geste, name="reversement_geste"
    ),
    path(f"{_D}solder/", views.solder, name="dossier_solder"),
]
