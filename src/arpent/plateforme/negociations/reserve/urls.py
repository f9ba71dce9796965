from django.urls import path

from . import views

_T = "territoires/<slug:slug>/reserve/"
_D = "dispositifs/<slug:slug>/reserve/"
urlpatterns = [
    path(_T, views.reserve, name="reserve"),
    path(f"{_T}demandes.csv", views.reserve, {"genre": "csv"}, name="reserve_csv"),
    path(f"{_T}demandes.xlsx", views.reserve, {"genre": "xlsx"}, name="reserve_xlsx"),
    path(f"{_T}nouvelle/", views.nouvelle, name="reserve_nouvelle"),
    path(f"{_T}<int:numero>/", views.demande, name="reserve_demande"),
    path(f"{_T}<int:numero>/modifier/", views.modifier, name="reserve_modifier"),
    path(f"{_T}<int:numero>/decision/<slug:geste>/", views.geste, name="reserve_geste"),
    path(_D, views.dispositif, name="reserve_dispositif"),
    path(f"{_D}demandes.csv", views.dispositif, {"genre": "csv"}, name="reserve_dispositif_csv"),
    path(f"{_D}demandes.xlsx", views.dispositif, {"genre": "xlsx"}, name="reserve_dispositif_xlsx"),
    path(f"{_D}liberer/", views.liberer, name="reserve_liberer"),
]
