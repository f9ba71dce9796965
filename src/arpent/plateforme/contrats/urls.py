from django.http import HttpResponse
from django.urls import path

app_name = "contrats"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/contrat/", _v, name="contrat"),
]
