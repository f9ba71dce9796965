from django.http import HttpResponse
from django.urls import path

app_name = "documents"


def _v(request, **kwargs):
    return HttpResponse("provisoire")


urlpatterns = [
    path("documents/<int:pk>/", _v, name="telecharger"),
]
