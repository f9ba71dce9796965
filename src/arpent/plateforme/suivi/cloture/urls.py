from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/bilan/cloture/"
urlpatterns = [
    path(_ICI, views.cloture, name="cloture"),
    path(f"{_ICI}clore/", views.clore, name="cloture_clore"),
    path(f"{_ICI}bilan.pdf", views.cloture_pdf, name="cloture_pdf"),
]
