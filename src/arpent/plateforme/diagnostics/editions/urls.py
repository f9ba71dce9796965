from django.urls import path

from . import views

_ICI = "territoires/<slug:slug>/diagnostic/documents/"
urlpatterns = [
    path(_ICI, views.documents, name="documents"),
    path(f"{_ICI}<int:pk>/", views.document, name="document"),
]
