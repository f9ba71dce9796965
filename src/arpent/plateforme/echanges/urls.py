"""Importing a plan d'actions, its workbook that goes out and comes back, a list of elected people."""

from django.urls import path

from .views import election, finances, importer, maquette, retour

app_name = "echanges"
IMPORT = "territoires/<slug:slug>/plan/importer/"
MAQUETTE = "territoires/<slug:slug>/negociation/scenarios/importer/"
FINANCES = "dispositifs/<slug:slug>/finances/"

urlpatterns = [
    path(IMPORT, importer.importer, name="importer"),
    path(f"{IMPORT}exemple.xlsx", importer.exemple, name="exemple"),
    path("territoires/<slug:slug>/plan/a-modifier.xlsx", retour.exporter, name="a_modifier"),
    path(f"{IMPORT}<int:pk>/", importer.apercu, name="apercu"),
    path(f"{IMPORT}<int:pk>/feuille/", importer.feuille, name="feuille"),
    path(f"{IMPORT}<int:pk>/rejets.csv", importer.rejets, name="rejets"),
    path(f"{IMPORT}<int:pk>/confirmer/", importer.confirmer, name="confirmer"),
    path(f"{IMPORT}<int:pk>/reprendre/", retour.reprendre, name="reprendre"),
    path(f"{IMPORT}<int:pk>/abandonner/", importer.abandonner, name="abandonner"),
    path("election/", election.election, name="election"),
    path("election/modele.xlsx", election.modele_xlsx, name="election_modele"),
    path("election/<int:pk>/", election.apercu, name="election_apercu"),
    path("election/<int:pk>/appliquer/", election.appliquer, name="election_appliquer"),
    path("election/<int:pk>/abandonner/", election.abandonner, name="election_abandonner"),
    path("election/<int:pk>/rapport.xlsx", election.rapport_xlsx, name="election_rapport"),
    path(MAQUETTE, maquette.importer, name="maquette_importer"),
    path(f"{MAQUETTE}confirmer/", maquette.confirmer, name="maquette_confirmer"),
    path(FINANCES, finances.finances, name="finances"),
    path(f"{FINANCES}<int:pk>/", finances.importation, name="finances_import"),
    path(f"{FINANCES}<int:pk>/appliquer/", finances.appliquer, name="finances_appliquer"),
    path(f"{FINANCES}<int:pk>/abandonner/", finances.abandonner, name="finances_abandonner"),
    path(f"{FINANCES}<int:pk>/ecritures/<int:numero>/", finances.ligne, name="finances_ligne"),
    path(f"{FINANCES}<int:pk>/rapport.xlsx", finances.rapport_xlsx, name="finances_rapport"),
]
