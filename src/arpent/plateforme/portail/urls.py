"""Home, login, territories, journal, search."""

from django.urls import path

from . import connexion
from .pilotage import views as pilotage
from .views import (
    accessibilite,
    accueil,
    courriels,
    journal,
    nouvelles,
    recherche,
    suivi_personnel,
    territoires,
)

app_name = "portail"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("notifications/lues/", nouvelles.marquer_notifications, name="marquer_notifications"),
    path("mes-nouvelles/", nouvelles.nouvelles, name="nouvelles"),
    path("mes-nouvelles/<int:pk>/lire/", nouvelles.nouvelle_lire, name="nouvelle_lire"),
    path("mes-nouvelles/reglages/", nouvelles.reglages, name="reglages_nouvelles"),
    path("courriels/", courriels.file, name="courriels"),
    path("courriels/<int:pk>/", courriels.courriel, name="courriel"),
    path("courriels/<int:pk>/relancer/", courriels.relancer, name="courriel_relancer"),
    path("courriels/<int:pk>/abandonner/", courriels.abandonner, name="courriel_abandonner"),
    path("courriels/textes/", courriels.modeles, name="modeles_courriel"),
    path("courriels/textes/<slug:code>/", courriels.modele, name="modele_courriel"),
    path("connexion/", connexion.connexion, name="connexion"),
    path("connexion/demonstration/<int:pk>/", connexion.connexion_demo, name="connexion_demo"),
    path("deconnexion/", connexion.deconnexion, name="deconnexion"),
    path("accessibilite/", accessibilite.accessibilite, name="accessibilite"),
    path("mes-echeances/", suivi_personnel.mes_echeances, name="mes_echeances"),
    path("depuis-ma-visite/", suivi_personnel.depuis_ma_visite, name="depuis_ma_visite"),
    path("a-relancer/", suivi_personnel.a_relancer, name="a_relancer"),
    path("recherche/", recherche.recherche, name="recherche"),
    path("recherche/suggestions/", recherche.suggestions, name="suggestions"),
    path("territoires/", territoires.territoires, name="territoires"),
    path("territoires/<slug:slug>/", territoires.territoire, name="territoire"),
    path("territoires/<slug:slug>/contours.geojson", territoires.contours, name="contours"),
    path("territoires/<slug:slug>/carte.svg", territoires.carte_svg, name="carte_svg"),
    path("territoires/<slug:slug>/journal/", journal.journal, name="journal"),
    path("dispositifs/<slug:slug>/pilotage/", pilotage.pilotage, name="pilotage"),
    path("dispositifs/<slug:slug>/pilotage/calendrier/", pilotage.calendrier, name="calendrier"),
    path("dispositifs/<slug:slug>/pilotage.xlsx", pilotage.pilotage_xlsx, name="pilotage_xlsx"),
    path("dispositifs/<slug:slug>/pilotage.pdf", pilotage.pilotage_note, name="pilotage_note"),
    path("journal/", journal.journal_general, name="journal_general"),
    path("journal/verification/", journal.journal_verifier, name="journal_verifier"),
]
