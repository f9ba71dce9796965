from django.http import HttpResponse
from django.urls import path

app_name = "diagnostics"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/diagnostic/", _v, name="diagnostic"),
]
