from django.urls import path

from . import views
from .processus import views as lecture
from .processus import views_deroulement as deroulement
from .processus import views_redaction as redaction

app_name = "demarches"
ETAPE = "territoires/<slug:slug>/etapes/<slug:code>/"
PROCESSUS = "processus/<slug:slug>/"
BROUILLON = f"{PROCESSUS}brouillons/<int:pk>/"
ELEMENT = f"{BROUILLON}<slug:nature>/<slug:code>/"
urlpatterns = [
    path("territoires/<slug:slug>/etapes/", views.marquer_etape, name="marquer_etape"),
    path(ETAPE, deroulement.etape, name="etape"),
    path(f"{ETAPE}date/", deroulement.replanifier, name="replanifier"),
    path(f"{ETAPE}choix/", deroulement.retenir, name="retenir"),
    path("territoires/<slug:slug>/processus/", deroulement.changer, name="changer_version"),
    path("territoires/<slug:slug>/phase/<slug:geste>/", views.geste, name="geste"),
    path(PROCESSUS, lecture.processus, name="processus"),
    path(f"{PROCESSUS}versions/<int:numero>/", lecture.processus, name="processus_version"),
    path(f"{PROCESSUS}versions/<int:numero>/processus.yaml", lecture.export, name="processus_export"),
    path(f"{PROCESSUS}lancer/", deroulement.lancement, name="lancer"),
    path(f"{PROCESSUS}brouillons/nouveau/", redaction.ouvrir, name="brouillon_processus_ouvrir"),
    path(BROUILLON, redaction.brouillon, name="brouillon_processus"),
    path(f"{BROUILLON}publier/", redaction.publier, name="brouillon_processus_publier"),
    path(f"{BROUILLON}geste/", redaction.geste, name="brouillon_processus_geste"),
    path(f"{BROUILLON}<slug:nature>/nouveau/", redaction.element_nouveau, name="element_nouveau"),
    path(ELEMENT, redaction.element, name="element"),
    path(f"{ELEMENT}geste/", redaction.element_geste, name="element_geste"),
]
