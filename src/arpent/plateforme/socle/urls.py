from django.urls import path

from .sante import exposition, pret, vivant
from .views import catalogue, contours_de_demonstration

app_name = "socle"
urlpatterns = [
    path("sante/", vivant, name="sante"),
    path("sante/pret/", pret, name="pret"),
    path("mesures/", exposition, name="mesures"),
    path("composants/", catalogue, name="composants"),
    path("composants/contours.json", contours_de_demonstration, name="composants_contours"),
]
