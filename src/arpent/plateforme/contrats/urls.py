"""The contract: its text, its parties, the votes, the versions, the files."""

from django.urls import path

from . import views, views_votes
from .avenants.urls import urlpatterns as avenants

app_name = "contrats"

_RACINE = "territoires/<slug:slug>/contrat/"
urlpatterns = [
    *avenants,
    path(_RACINE, views.contrat, name="contrat"),
    path(f"{_RACINE}preparer/", views.preparer, name="preparer"),
    path(f"{_RACINE}modifier/", views.modifier, name="modifier"),
    path(f"{_RACINE}parties/", views.parties, name="parties"),
    path(f"{_RACINE}parties/<int:pk>/", views.partie, name="partie"),
    path(f"{_RACINE}parties/<int:pk>/vote/", views_votes.vote_noter, name="vote_noter"),
    path(f"{_RACINE}avenants/<int:pk>/parties/<int:id>/vote/", views_votes.vote_avenant, name="vote_avenant"),
    path(f"{_RACINE}votes/<int:pk>/", views_votes.vote, name="vote"),
    path(f"{_RACINE}votes/<int:pk>/acte/", views_votes.vote_signe, name="vote_signe"),
    path("votes/", views_votes.votes_attendus, name="votes_attendus"),
    path(f"{_RACINE}parties/<int:pk>/deliberation.<str:format>", views_votes.vote_projet, name="vote_projet"),
    path("votes.<str:genre>", views_votes.votes_export, name="votes_export"),
    path("votes/relance/", views_votes.votes_relance, name="votes_relance"),
    path(f"{_RACINE}generer/", views.generer, name="generer"),
    path(f"{_RACINE}etat/", views.geste, name="geste"),
    path(f"{_RACINE}documents/<int:pk>/", views.document, name="document"),
]
