from django.urls import path

from .views import dispositif

app_name = "reglements"
urlpatterns = [
    path("dispositifs/", dispositif.dispositifs, name="dispositifs"),
    path("dispositifs/<slug:slug>/", dispositif.dispositif, name="dispositif"),
]
