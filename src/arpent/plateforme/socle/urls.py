from django.urls import path

from .views import catalogue, contours_de_demonstration

app_name = "socle"
urlpatterns = [
    path("composants/", catalogue, name="composants"),
    path("composants/contours.json", contours_de_demonstration, name="composants_contours"),
]
