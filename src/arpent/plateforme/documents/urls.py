"""No page of its own: a document is reached through the room that issued it, which checks who may read it."""

from django.urls import URLPattern

app_name = "documents"
urlpatterns: list[URLPattern] = []
