from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/"
urlpatterns = [
    path(f"{_ICI}constats/", views.constats, name="constats"),
    path(f"{_ICI}constats/nouveau/", views.constat_creer, name="constat_creer"),
    path(f"{_ICI}constats/<int:pk>/", views.constat_modifier, name="constat_modifier"),
    path(f"{_ICI}constats/<int:pk>/supprimer/", views.constat_supprimer, name="constat_supprimer"),
    path(f"{_ICI}enjeux/nouveau/", views.enjeu_creer, name="enjeu_creer"),
    path(f"{_ICI}enjeux/ordre/", views.enjeux_ordonner, name="enjeux_ordonner"),
    path(f"{_ICI}enjeux/<int:pk>/", views.enjeu_modifier, name="enjeu_modifier"),
    path(f"{_ICI}enjeux/<int:pk>/supprimer/", views.enjeu_supprimer, name="enjeu_supprimer"),
]
