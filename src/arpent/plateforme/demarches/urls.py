from django.urls import path

from . import views

app_name = "demarches"
urlpatterns = [
    path("territoires/<slug:slug>/etapes/", views.marquer_etape, name="marquer_etape"),
    path("territoires/<slug:slug>/phase/<slug:geste>/", views.geste, name="geste"),
]
