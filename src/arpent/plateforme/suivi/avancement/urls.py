from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/realisation/"
_UN = f"{_ICI}projets/<int:numero>/avancement/"
urlpatterns = [
    path(f"{_ICI}avancement/", views.avancement, name="avancement"),
    path(_UN, views.projet, name="avancement_projet"),
    path(f"{_UN}point/", views.point, name="point"),
    path(f"{_UN}jalons/", views.jalons, name="jalons"),
    path(f"{_UN}jalons/types/", views.poser, name="jalons_types"),
    path(f"{_UN}photos/<int:pk>/", views.photo, name="photo"),
    path(f"{_UN}photos/<int:pk>/retirer/", views.photo_retirer, name="photo_retirer"),
    path(f"{_UN}bloquants/<int:pk>/lever/", views.lever, name="lever"),
]
