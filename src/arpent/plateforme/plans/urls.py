"""The plan d'actions: lists, fiches, gestures, axes."""

from django.urls import path

from .views import axes, fiche, listes, saisie

app_name = "plans"
PLAN = "territoires/<slug:slug>/plan/"
FICHE = f"{PLAN}fiches/<int:numero>/"

urlpatterns = [
    path("fiches/", listes.fiches, name="fiches"),
    path("fiches/totaux/", listes.fiches_totaux, name="fiches_totaux"),
    path("fiches/export.xlsx", listes.fiches_export, name="fiches_export"),
    path(PLAN, listes.plan, name="plan"),
    path(f"{PLAN}export.xlsx", listes.plan_export, name="plan_export"),
    path(f"{PLAN}axes/nouveau/", axes.axe_creer, name="axe_creer"),
    path(f"{PLAN}axes/<int:numero>/", axes.axe_modifier, name="axe_modifier"),
    path(f"{PLAN}fiches/nouvelle/", saisie.fiche_creer, name="fiche_creer"),
    path(f"{PLAN}fiches/nouvelle/saisie/", saisie.fiche_creer_saisie, name="fiche_creer_saisie"),
    path(f"{PLAN}fiches/nouvelle/abandon/", saisie.fiche_creer_abandon, name="fiche_creer_abandon"),
    path(FICHE, fiche.fiche, name="fiche"),
    path(f"{FICHE}modifier/", saisie.fiche_modifier, name="fiche_modifier"),
    path(f"{FICHE}modifier/saisie/", saisie.fiche_saisie, name="fiche_saisie"),
    path(f"{FICHE}modifier/abandon/", saisie.fiche_abandon, name="fiche_abandon"),
    path(f"{FICHE}geste/", fiche.fiche_geste, name="fiche_geste"),
    path(f"{FICHE}priorites/", fiche.fiche_priorites, name="fiche_priorites"),
    path(f"{FICHE}derogation/", fiche.fiche_derogation, name="fiche_derogation"),
    path(f"{FICHE}deliberations/", fiche.fiche_deliberation, name="fiche_deliberation"),
]
