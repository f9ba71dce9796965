from django.urls import path

from .views import fil

app_name = "conversations"
_ICI = "territoires/<slug:slug>/"
urlpatterns = [
    path(f"{_ICI}conversations/<slug:genre>/<int:objet>/", fil.fil, name="fil"),
    path(f"{_ICI}paroles/<int:pk>/etat/", fil.etat, name="etat"),
    path(f"{_ICI}paroles/<int:pk>/piece/", fil.piece, name="piece"),
]
