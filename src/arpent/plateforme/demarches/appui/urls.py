from django.urls import path

from .views import charge, demandes, liste, structures

app_name = "appui"
_ICI = "territoires/<slug:slug>/appui/"
urlpatterns = [
    path("appui/", liste.liste, name="liste"),
    path("appui/demander/", liste.choisir, name="choisir"),
    path("appui/charge/", charge.page_charge, name="charge"),
    path("appui/charge.xlsx", charge.charge_xlsx, name="charge_xlsx"),
    path("appui/structures/", structures.liste, name="structures"),
    path("appui/structures/nouvelle/", structures.nouvelle, name="structure_nouvelle"),
    path("appui/structures/<int:pk>/", structures.modifier, name="structure"),
    path(f"{_ICI}demander/", demandes.demander, name="demander"),
    path(f"{_ICI}<int:pk>/", demandes.demande, name="demande"),
    path(f"{_ICI}<int:pk>/geste/", demandes.geste, name="geste"),
    path(f"{_ICI}<int:pk>/temps/", demandes.temps, name="temps"),
    path(f"{_ICI}<int:pk>/satisfaction/", demandes.satisfaction, name="satisfaction"),
]
