from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/bilan/evaluation/questions/"
_UNE = "territoires/<slug:slug>/bilan/evaluation/question/<slug:code>/"
urlpatterns = [
    path(_ICI, views.questions, name="questions"),
    path(_UNE, views.question, name="question"),
    path(f"{_UNE}reponse/", views.reponse_ecrire, name="reponse_ecrire"),
    path(f"{_UNE}geste/", views.reponse_geste, name="reponse_geste"),
]
