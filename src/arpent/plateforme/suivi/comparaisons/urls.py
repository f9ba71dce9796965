from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/bilan/evaluation/"
urlpatterns = [
    path(f"{_ICI}jumeaux/", views.jumeaux, name="jumeaux"),
    path(f"{_ICI}generations/", views.generations, name="generations"),
]
