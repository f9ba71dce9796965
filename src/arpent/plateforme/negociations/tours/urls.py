from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/negociation/tours/"
urlpatterns = [
    path(_ICI, views.tours, name="tours"),
    path(f"{_ICI}contre-offre/", views.contre_offre, name="contre_offre"),
    path(f"{_ICI}reprendre/", views.reprendre, name="tour_reprendre"),
    path(f"{_ICI}acte/", views.acte, name="accord_acte"),
]
