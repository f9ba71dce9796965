from django.http import HttpResponse
from django.urls import path

app_name = "suivi"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/bilan/", _v, name="bilan"),
]
