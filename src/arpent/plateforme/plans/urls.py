"""The plan d'actions: lists, fiches, gestures, axes."""

from django.urls import path

from .views import (
    apercu,
    avis,
    axes,
    cofinancement,
    corrections,
    deliberations,
    exports,
    fiche,
    listes,
    preinstruction,
    priorites,
    refonte,
    saisie,
    suite,
    vues,
)
from .views.simulation import apercu_brouillon, comparaison, comparaison_export

app_name = "plans"
PLAN = "territoires/<slug:slug>/plan/"
DISPOSITIF = "dispositifs/<slug:slug>/reglement/"
FICHE = f"{PLAN}fiches/<int:numero>/"

urlpatterns = [
    path("fiches/", listes.fiches, name="fiches"),
    path("fiches/totaux/", listes.fiches_totaux, name="fiches_totaux"),
    path("fiches/export.xlsx", exports.fiches_export, {"genre": "xlsx"}, name="fiches_export"),
    path("fiches/export.ods", exports.fiches_export, {"genre": "ods"}, name="fiches_export_ods"),
    path("fiches/export.csv", exports.fiches_export, {"genre": "csv"}, name="fiches_export_csv"),
    path("vues/", vues.vue_garder, name="vue_garder"),
    path("vues/<int:pk>/", vues.vue, name="vue"),
    path("vues/<int:pk>/retirer/", vues.vue_retirer, name="vue_retirer"),
    path(PLAN, listes.plan, name="plan"),
    path(f"{PLAN}export.xlsx", exports.plan_export, {"genre": "xlsx"}, name="plan_export"),
    path(f"{PLAN}export.ods", exports.plan_export, {"genre": "ods"}, name="plan_export_ods"),
    path(f"{PLAN}export.csv", exports.plan_export, {"genre": "csv"}, name="plan_export_csv"),
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
    path(f"{FICHE}cofinancement/", cofinancement.cofinancement, name="cofinancement"),
    path(
        f"{FICHE}cofinancement/reprendre/",
        cofinancement.cofinancement_reprendre,
        name="cofinancement_reprendre",
    ),
    path(f"{FICHE}cadre/", cofinancement.fiche_cadre, name="fiche_cadre"),
    path(f"{PLAN}deliberations/", deliberations.deliberations, name="deliberations"),
    path(f"{PLAN}deliberations/relance/", deliberations.relance, name="deliberations_relance"),
    path(f"{FICHE}deliberations/", deliberations.deliberation_creer, name="fiche_deliberation"),
    path(f"{FICHE}deliberations/<int:pk>/", deliberations.deliberation_modifier, name="deliberation"),
    path(f"{PLAN}priorites/", priorites.priorites, name="priorites"),
    path(f"{PLAN}avis/", avis.avis_liste, name="avis_liste"),
    path(f"{FICHE}avis/demander/", avis.avis_demander, name="avis_demander"),
    path(f"{FICHE}avis/<int:pk>/", avis.avis_rendre, name="avis_rendre"),
    path(f"{FICHE}appui/demander/", avis.appui_demander, name="appui_demander"),
    path(f"{FICHE}appui/<int:pk>/", avis.appui_repondre, name="appui_repondre"),
    path("appui/", avis.appui_liste, name="appui_liste"),
    path(f"{FICHE}corrections/", corrections.corrections_demander, name="corrections_demander"),
    path(f"{FICHE}corrections/<int:pk>/", corrections.correction_repondre, name="correction_repondre"),
    path(f"{PLAN}preinstruction/", preinstruction.preinstruction_lot, name="preinstruction_lot"),
    path(f"{FICHE}preinstruction/", preinstruction.preinstruction_refaire, name="preinstruction_refaire"),
    path(f"{FICHE}preinstruction/apercu/", apercu.apercu, name="preinstruction_apercu"),
    path(f"{PLAN}fiches/nouvelle/preinstruction/", apercu.apercu_nouvelle, name="apercu_nouvelle"),
    path(f"{FICHE}regles/<str:regle>/deroger/", preinstruction.regle_deroger, name="regle_deroger"),
    path(
        f"{FICHE}derogations/<int:pk>/lever/",
        preinstruction.derogation_lever,
        name="derogation_lever",
    ),
    path("dispositifs/<slug:slug>/derogations/", preinstruction.derogations, name="derogations"),
    path(
        "dispositifs/<slug:slug>/preinstruction/",
        preinstruction.preinstruction_dispositif,
        name="preinstruction_dispositif",
    ),
    path(f"{DISPOSITIF}brouillons/<int:pk>/apercu/", apercu_brouillon, name="apercu_brouillon"),
    path(f"{DISPOSITIF}comparaison/", comparaison, name="comparaison"),
    path(f"{DISPOSITIF}comparaison/export.xlsx", comparaison_export, name="comparaison_export"),
]

# Around a fiche: remarks, files, kin, past versions.
urlpatterns += [
    path(f"{FICHE}commentaires/", suite.fiche_commenter, name="fiche_commenter"),
    path(f"{FICHE}commentaires/<int:pk>/", suite.fiche_commentaire_etat, name="fiche_commentaire_etat"),
    path(f"{FICHE}pieces/", suite.fiche_piece_deposer, name="fiche_piece_deposer"),
    path(f"{FICHE}pieces/<int:pk>/", suite.fiche_piece, name="fiche_piece"),
    path(f"{FICHE}pieces/<int:pk>/retirer/", suite.fiche_piece_retirer, name="fiche_piece_retirer"),
    path(f"{FICHE}dupliquer/", suite.fiche_dupliquer, name="fiche_dupliquer"),
    path(f"{FICHE}tranches/", suite.fiche_tranches, name="fiche_tranches"),
    path(f"{FICHE}maturite/", suite.fiche_maturite, name="fiche_maturite"),
    path(f"{FICHE}fusionner/", refonte.fiche_fusionner, name="fiche_fusionner"),
    path(f"{FICHE}a-la-date/<int:entree>/", refonte.fiche_version, name="fiche_version"),
]
