from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/"
urlpatterns = [
    path(f"{_ICI}flux/", views.flux, name="flux"),
]
