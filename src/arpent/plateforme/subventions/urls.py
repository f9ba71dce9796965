from django.http import HttpResponse
from django.urls import path

app_name = "subventions"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/realisation/", _v, name="realisation"),
]
