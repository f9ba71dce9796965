from django.urls import path

from .views import dessin, versions

urlpatterns = [
    path("perimetres/brouillon/", dessin.brouillon, name="perimetre_brouillon"),
    path("perimetres/epci.geojson", dessin.contours, name="perimetre_contours"),
    path("perimetres/enregistrer/", dessin.enregistrer, name="perimetre_enregistrer"),
    path("territoires/<slug:slug>/perimetre/", versions.perimetre_versions, name="perimetre_versions"),
]
