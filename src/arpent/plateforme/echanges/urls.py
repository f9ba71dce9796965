from django.http import HttpResponse
from django.urls import path

app_name = "echanges"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/plan/importer/", _v, name="importer"),
]
