"""The realisation of the contract."""

from django.urls import path

from . import views

app_name = "subventions"
urlpatterns = [path("territoires/<slug:slug>/realisation/", views.realisation, name="realisation")]
