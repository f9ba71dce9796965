from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/"
urlpatterns = [
    path(f"{_ICI}portrait/", views.portrait, name="portrait"),
    path(f"{_ICI}portrait.csv", views.portrait_csv, name="portrait_csv"),
    path(f"{_ICI}portrait.xlsx", views.portrait_xlsx, name="portrait_xlsx"),
    path(f"{_ICI}portrait/jumeaux/", views.jumeaux, name="portrait_jumeaux"),
    path(f"{_ICI}portrait/figure/<slug:nom>.<slug:extension>", views.figure, name="portrait_figure"),
    path(f"{_ICI}portrait/<slug:code>/", views.indicateur, name="indicateur"),
]
