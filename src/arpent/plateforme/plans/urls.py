from django.http import HttpResponse
from django.urls import path

app_name = "plans"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("fiches/", _v, name="fiches"),
    path("territoires/<slug:slug>/plan/", _v, name="plan"),
    path("territoires/<slug:slug>/plan/fiches/<int:numero>/", _v, name="fiche"),
]
