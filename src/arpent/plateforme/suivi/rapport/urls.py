from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/bilan/evaluation/rapport/"
_SECTION = f"{_ICI}<slug:genre>/<slug:code>/"
urlpatterns = [
    path(_ICI, views.rapport, name="rapport"),
    path(f"{_ICI}produits/<int:pk>/", views.rapport_document, name="rapport_document"),
    path(f"{_ICI}<slug:genre>/produire/", views.rapport_produire, name="rapport_produire"),
    path(_SECTION, views.section, name="rapport_section"),
    path(f"{_SECTION}reprendre/", views.section_reprendre, name="rapport_section_reprendre"),
]
