from django.urls import path

from . import views, views_decisions

_TOUS = "territoires/<slug:slug>/rendez-vous/"
_UN = f"{_TOUS}<int:pk>/"
_QUESTION = f"{_UN}a-regler/<int:question_id>/"
urlpatterns = [
    path(_TOUS, views.liste, name="rendez_vous_liste"),
    path(_UN, views.preparer, name="rendez_vous"),
    path(f"{_UN}relever/", views.relever, name="rendez_vous_relever"),
    path(f"{_UN}a-regler/", views.poser, name="rendez_vous_poser"),
    path(_QUESTION, views.deplacer, name="rendez_vous_deplacer"),
    path(f"{_QUESTION}decider/", views_decisions.decider, name="rendez_vous_decider"),
    path(f"{_QUESTION}avenant/", views_decisions.avenant, name="rendez_vous_avenant"),
    path(f"{_UN}generer/", views.produire, name="rendez_vous_generer"),
    path(f"{_UN}generes/<int:edition>/<slug:format>/", views.fichier, name="rendez_vous_fichier"),
]
