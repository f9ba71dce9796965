"""The negotiation: maquette, envelope, offer."""

from django.urls import path

from . import complete, fichiers, views
from .credits.urls import urlpatterns as credits
from .ensembles.urls import urlpatterns as ensembles
from .equite.urls import urlpatterns as equite
from .reserve.urls import urlpatterns as reserve
from .scenarios.urls import urlpatterns as scenarios
from .simulations.urls import urlpatterns as simulations
from .tableau.urls import urlpatterns as tableau
from .tours.urls import urlpatterns as tours

app_name = "negociations"

_RACINE = "territoires/<slug:slug>/negociation/"
urlpatterns = [
    *credits,
    *ensembles,
    *equite,
    *reserve,
    *scenarios,
    *simulations,
    *tours,
    *tableau,
    path(f"{_RACINE}etat/", views.geste, name="geste"),
    path(f"{_RACINE}enveloppe/", views.enveloppe, name="enveloppe"),
    path(f"{_RACINE}enveloppe/donnee/", views.donnee, name="donnee"),
    path(f"{_RACINE}maquette/", complete.maquette_complete, name="maquette_complete"),
    path(f"{_RACINE}maquette.xlsx", fichiers.maquette_xlsx, name="maquette_xlsx"),
    path(f"{_RACINE}maquette.ods", fichiers.maquette_ods, name="maquette_ods"),
    path(f"{_RACINE}maquette.pdf", fichiers.maquette_pdf, name="maquette_pdf"),
]
