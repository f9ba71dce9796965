"""The follow-up of a contract: progress of the works, evaluation, thread, bilan."""

from django.urls import path

from . import views
from .avancement.urls import urlpatterns as avancement
from .cloture.urls import urlpatterns as cloture
from .comparaisons.urls import urlpatterns as comparaisons
from .evaluation.urls import urlpatterns as evaluation
from .fil_rouge.urls import urlpatterns as fil_rouge
from .questionnaires.urls import urlpatterns as questionnaires
from .questions.urls import urlpatterns as questions
from .rapport.urls import urlpatterns as rapport
from .rendez_vous.urls import urlpatterns as rendez_vous

app_name = "suivi"
urlpatterns = [
    path("territoires/<slug:slug>/bilan/", views.bilan, name="bilan"),
    *avancement,
    *evaluation,
    *fil_rouge,
    *rendez_vous,
    *questions,
    *questionnaires,
    *comparaisons,
    *rapport,
    *cloture,
]
