"""The bilan of a contract."""

from django.urls import path

from . import views

app_name = "suivi"
urlpatterns = [path("territoires/<slug:slug>/bilan/", views.bilan, name="bilan")]
