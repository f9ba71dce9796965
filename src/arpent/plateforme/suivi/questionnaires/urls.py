from django.urls import path

from . import views, views_publiques

_ICI = "territoires/<slug:slug>/bilan/evaluation/questionnaires/"
_UNE = f"{_ICI}<int:pk>/"
urlpatterns = [
    path("questionnaire/<str:jeton>/", views_publiques.repondre, name="repondre"),
    path(_ICI, views.campagnes, name="campagnes"),
    path(f"{_ICI}lancer/", views.lancer, name="campagne_lancer"),
    path(_UNE, views.campagne, name="campagne"),
    path(f"{_UNE}relancer/", views.campagne_relancer, name="campagne_relancer"),
    path(f"{_UNE}clore/", views.campagne_clore, name="campagne_clore"),
    path(f"{_UNE}resultats.csv", views.campagne_csv, name="campagne_csv"),
    path(f"{_UNE}resultats.xlsx", views.campagne_xlsx, name="campagne_xlsx"),
    path(f"{_ICI}liens/<int:pk>/revoquer/", views.lien_revoquer, name="lien_revoquer"),
]
