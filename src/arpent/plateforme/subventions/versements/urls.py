"""Payments of a grant file."""

from django.urls import path

from .views import demande, gestes, listes, suites

_D = "territoires/<slug:slug>/realisation/dossiers/<int:annee>-<int:numero>/"
_V = f"{_D}versements/"
urlpatterns = [
    path("versements/", listes.liste, name="demandes_versement"),
    path("versements/demandes.xlsx", listes.liste, {"genre": "xlsx"}, name="demandes_versement_xlsx"),
    path(_V, listes.versements, name="versements"),
    path(f"{_V}nouveau/", demande.nouveau, name="versement_nouveau"),
    path(f"{_V}<int:rang>/", demande.versement, name="versement"),
    path(f"{_V}<int:rang>/modifier/", demande.modifier, name="versement_modifier"),
    path(f"{_V}<int:rang>/justificatifs/", demande.joindre, name="versement_joindre"),
    path(f"{_V}<int:rang>/justificatifs/<int:pk>/", demande.piece, name="versement_piece"),
    path(
        f"{_V}<int:rang>/justificatifs/<int:pk>/retirer/",
        demande.retirer_piece,
        name="versement_piece_retirer",
    ),
    path(f"{_V}<int:rang>/gestes/<slug:geste>/", gestes.geste, name="versement_geste"),
    path(f"{_V}retenues/<int:pk>/lever/", suites.lever, name="retenue_lever"),
    path(f"{_D}reversements/nouveau/", suites.reversement_nouveau, name="reversement_nouveau"),
    path(
        f"{_D}reversements/<int:rang>/suite/<slug:geste>/", gestes.reversement_geste, name="reversement_geste"
    ),
    path(f"{_D}solder/", suites.solder, name="dossier_solder"),
]
