from django.http import HttpResponse
from django.urls import path

app_name = "negociations"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("territoires/<slug:slug>/negociation/", _v, name="maquette"),
]
