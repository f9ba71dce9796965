"""AP/CP of a dispositif."""

from django.urls import path

from . import views

_A = "dispositifs/<slug:slug>/ap-cp/"
urlpatterns = [
    path(_A, views.apcp, name="apcp"),
    path(f"{_A}ap-cp.csv", views.apcp, {"genre": "csv"}, name="apcp_csv"),
    path(f"{_A}ap-cp.xlsx", views.apcp, {"genre": "xlsx"}, name="apcp_xlsx"),
    path(f"{_A}fonds/<slug:code>/", views.voter, name="apcp_vote"),
]
