from django.urls import path

from .views import lecture, modeles

_ICI = "territoires/<slug:slug>/diagnostic/vulnerabilite/"
_MODELE = f"{_ICI}modeles/<int:pk>/"
urlpatterns = [
    path(_ICI, lecture.vulnerabilite, name="vulnerabilite"),
    path(f"{_ICI}sensibilite/", lecture.sensibilite, name="vulnerabilite_sensibilite"),
    path(f"{_ICI}comparaison/", lecture.comparaison, name="vulnerabilite_comparaison"),
    path(f"{_ICI}classement.csv", lecture.classement_csv, name="vulnerabilite_csv"),
    path(f"{_ICI}figure/<slug:nom>.<slug:extension>", lecture.figure, name="vulnerabilite_figure"),
    path(f"{_ICI}modeles/", modeles.modeles, name="modeles"),
    path(f"{_ICI}modeles/copier/", modeles.modele_copier, name="modele_copier"),
    path(_MODELE, modeles.modele_modifier, name="modele_modifier"),
    path(f"{_MODELE}en-vigueur/", modeles.modele_appliquer, name="modele_appliquer"),
    path(f"{_MODELE}supprimer/", modeles.modele_supprimer, name="modele_supprimer"),
]
