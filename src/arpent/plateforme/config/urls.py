"""All routes. Each app owns the pages of its place of the thread."""

from django.urls import include, path

_APPS = (
    "portail",
    "portail.compte",
    "portail.public",
    "demarches",
    "demarches.reunions",
    "demarches.conversations",
    "demarches.appui",
    "diagnostics",
    "plans",
    "negociations",
    "contrats",
    "subventions",
    "suivi",
    "echanges",
    "echanges.api",
    "echanges.donnees_ouvertes",
    "reglements",
    "documents",
    "socle",
)
urlpatterns = [path("", include(f"arpent.plateforme.{app}.urls")) for app in _APPS]

handler400 = "arpent.plateforme.portail.erreurs.demande_illisible"
handler403 = "arpent.plateforme.portail.erreurs.acces_refuse"
handler404 = "arpent.plateforme.portail.erreurs.introuvable"
handler500 = "arpent.plateforme.portail.erreurs.erreur_interne"
