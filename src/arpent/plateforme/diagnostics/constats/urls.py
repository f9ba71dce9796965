from django.urls import path

from . import views, views_enjeux

_ICI = "territoires/<slug:slug>/diagnostic/"
urlpatterns = [
    path(f"{_ICI}constats/", views.constats, name="constats"),
    path(f"{_ICI}constats.csv", views.constats_csv, name="constats_csv"),
    path(f"{_ICI}constats/nouveau/", views.constat_creer, name="constat_creer"),
    path(f"{_ICI}constats/<int:pk>/", views.constat, name="constat"),
    path(f"{_ICI}constats/<int:pk>/messages/", views.constat_debattre, name="constat_debattre"),
    path(f"{_ICI}constats/<int:pk>/modifier/", views.constat_modifier, name="constat_modifier"),
    path(f"{_ICI}constats/<int:pk>/supprimer/", views.constat_supprimer, name="constat_supprimer"),
    path(f"{_ICI}constats/<int:pk>/accord/", views.constat_accord, name="constat_accord"),
    path(f"{_ICI}constats/<int:pk>/preuve/", views.constat_preuve, name="constat_preuve"),
    path(f"{_ICI}preuves/<int:pk>/retirer/", views.preuve_retirer, name="preuve_retirer"),
    path(f"{_ICI}messages/<int:pk>/masquer/", views.message_masquer, name="message_masquer"),
    path(f"{_ICI}enjeux/nouveau/", views_enjeux.enjeu_creer, name="enjeu_creer"),
    path(f"{_ICI}enjeux/ordre/", views_enjeux.enjeux_ordonner, name="enjeux_ordonner"),
    path(f"{_ICI}enjeux/<int:pk>/", views_enjeux.enjeu_modifier, name="enjeu_modifier"),
    path(f"{_ICI}enjeux/<int:pk>/supprimer/", views_enjeux.enjeu_supprimer, name="enjeu_supprimer"),
]
