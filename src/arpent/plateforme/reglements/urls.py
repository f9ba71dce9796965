from django.urls import path

from . import views

app_name = "reglements"
urlpatterns = [
    path("dispositifs/", views.dispositifs, name="dispositifs"),
    path("dispositifs/<slug:slug>/", views.dispositif, name="dispositif"),
]
