"""The public site, and the page that rules it."""

from django.urls import path

from . import fils, views, views_reglage

app_name = "public"
SITE = "public/<slug:slug>/"
CONTRAT = f"{SITE}contrats/<slug:territoire>/"
urlpatterns = [
    path("robots.txt", fils.robots, name="robots"),
    path("public/", views.sites, name="sites"),
    path("public/plan-du-site.xml", fils.plan_du_site, name="plan_du_site"),
    path(SITE, views.site, name="site"),
    path(f"{SITE}projets/", views.projets, name="projets"),
    path(f"{SITE}projets.geojson", views.points, name="points"),
    path(f"{SITE}contours.geojson", views.contours, name="contours"),
    path(f"{SITE}nouvelles.rss", fils.flux, name="flux"),
    path(CONTRAT, views.contrat, name="contrat"),
    path(f"{CONTRAT}projets/<int:numero>/", views.projet, name="projet"),
    path(f"{CONTRAT}documents/<int:pk>/", views.document, name="document"),
    path("dispositifs/<slug:slug>/site-public/", views_reglage.reglage, name="reglage"),
    path("dispositifs/<slug:slug>/site-public/documents/<int:pk>/", views_reglage.publier, name="publier"),
]
