from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/"
urlpatterns = [
    path(f"{_ICI}documents/", views.documents, name="documents"),
    path(f"{_ICI}editions/<int:pk>/", views.document, name="document"),
]
