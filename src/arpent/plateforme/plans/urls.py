"""The plan d'actions: lists, fiches, gestures, axes."""

from django.urls import path

from .views import fiche, listes, saisie, simulation

app_name = "plans"
PLAN = "territoires/<slug:slug>/plan/"
DISPOSITIF = "dispositifs/<slug:slug>/reglement/"
FICHE = f"{PLAN}fiches/<int:numero>/"

urlpatterns = [
    path("fiches/", listes.fiches, name="fiches"),
    path("fiches/totaux/", listes.fiches_totaux, name="fiches_totaux"),
    path("fiches/export.xlsx", listes.fiches_export, name="fiches_export"),
    path(PLAN, listes.plan, name="plan"),
    path(f"{PLAN}export.xlsx", listes.plan_export, name="plan_export"),
    path(f"{PLAN}axes/nouveau/", saisie.axe_creer, name="axe_creer"),
    path(f"{PLAN}axes/<int:numero>/", saisie.axe_modifier, name="axe_modifier"),
    path(f"{PLAN}fiches/nouvelle/", saisie.fiche_creer, name="fiche_creer"),
    path(FICHE, fiche.fiche, name="fiche"),
    path(f"{FICHE}modifier/", saisie.fiche_modifier, name="fiche_modifier"),
    path(f"{FICHE}geste/", fiche.fiche_geste, name="fiche_geste"),
    path(f"{FICHE}priorites/", fiche.fiche_priorites, name="fiche_priorites"),
    path(f"{FICHE}derogation/", fiche.fiche_derogation, name="fiche_derogation"),
    path(f"{FICHE}deliberations/", fiche.fiche_deliberation, name="fiche_deliberation"),
    path(f"{DISPOSITIF}brouillons/<int:pk>/apercu/", simulation.apercu_brouillon, name="apercu_brouillon"),
    path(f"{DISPOSITIF}comparaison/", simulation.comparaison, name="comparaison"),
    path(f"{DISPOSITIF}comparaison/export.xlsx", simulation.comparaison_export, name="comparaison_export"),
]
