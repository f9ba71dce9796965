from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/flux/"
urlpatterns = [
    path(_ICI, views.flux, name="flux"),
    path(f"{_ICI}figures/<slug:nom>.csv", views.flux_figure, {"genre": "csv"}, name="flux_csv"),
    path(f"{_ICI}figures/<slug:nom>.svg", views.flux_figure, {"genre": "svg"}, name="flux_svg"),
    path(f"{_ICI}figures/<slug:nom>.png", views.flux_figure, {"genre": "png"}, name="flux_png"),
    path(f"{_ICI}parametres/<slug:code>/", views.flux_parametre, name="flux_parametre"),
    path(f"{_ICI}parametres/<slug:code>/defaut/", views.flux_parametre_defaut, name="flux_parametre_defaut"),
]
