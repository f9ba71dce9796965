"""The follow-up of a contract: progress of the works, bilan."""

from django.urls import path

from . import views
from .avancement.urls import urlpatterns as avancement

app_name = "suivi"
urlpatterns = [path("territoires/<slug:slug>/bilan/", views.bilan, name="bilan"), *avancement]
