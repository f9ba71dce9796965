from django.urls import path

from . import consolidation, views, views_documents

_C = "territoires/<slug:slug>/contrat/"
_A = f"{_C}avenants/<int:pk>/"
urlpatterns = [
    path(f"{_C}avenants/nouveau/", views.nouveau, name="avenant_nouveau"),
    path(_A, views.avenant, name="avenant"),
    path(f"{_A}modifier/", views.modifier, name="avenant_modifier"),
    path(f"{_A}ajouter/<slug:genre>/", views.mouvement_nouveau, name="mouvement_nouveau"),
    path(f"{_A}mouvements/<int:id>/", views.mouvement, name="mouvement"),
    path(f"{_A}mouvements/<int:id>/retirer/", views.mouvement_retirer, name="mouvement_retirer"),
    path(f"{_A}etat/", views.geste, name="avenant_geste"),
    path(f"{_A}signature/", views.signature, name="avenant_signature"),
    path(f"{_A}parties/<int:id>/seance/<str:fichier>", views_documents.seance, name="avenant_seance"),
    path(f"{_C}consolide/", consolidation.consolide, name="consolide"),
    path(f"{_C}consolide.pdf", consolidation.consolide_pdf, name="consolide_pdf"),
    path(f"{_C}consolide/comparer/", consolidation.comparaison, name="comparaison"),
]
