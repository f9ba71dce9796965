from django.urls import path

from .views import articles, brouillons, charte, dispositif, gabarits, parametres, publication, versions

app_name = "reglements"
DISPOSITIF = "dispositifs/<slug:slug>/"
BROUILLON = f"{DISPOSITIF}reglement/brouillons/<int:pk>/"
ARTICLE = f"{BROUILLON}articles/<int:rang>/"
VERSION = f"{DISPOSITIF}versions/<int:numero>/"

urlpatterns = [
    path("dispositifs/", dispositif.dispositifs, name="dispositifs"),
    path("dispositifs/schema-reglement.json", versions.schema_reglement, name="schema_reglement"),
    path("dispositifs/parametres-legaux/", parametres.parametres_legaux, name="parametres_legaux"),
    path(
        "dispositifs/parametres-legaux/lignes/<int:pk>/",
        parametres.parametre_corriger,
        name="parametre_corriger",
    ),
    path(
        "dispositifs/parametres-legaux/<slug:code>/nouvelle/",
        parametres.parametre_ajouter,
        name="parametre_ajouter",
    ),
    path(DISPOSITIF, dispositif.dispositif, name="dispositif"),
    path(f"{DISPOSITIF}charte/", charte.charte, name="charte"),
    path(f"{DISPOSITIF}charte/exemple.<str:format>", charte.charte_apercu, name="charte_apercu"),
    path(f"{DISPOSITIF}gabarits/", gabarits.gabarits, name="gabarits"),
    path(f"{DISPOSITIF}gabarits/<slug:nom>/", gabarits.gabarit, name="gabarit"),
    path(f"{DISPOSITIF}gabarits/<slug:nom>/servir/", gabarits.gabarit_servir, name="gabarit_servir"),
    path(f"{DISPOSITIF}gabarits/<slug:nom>/revenir/", gabarits.gabarit_revenir, name="gabarit_revenir"),
    path(
        f"{DISPOSITIF}gabarits/<slug:nom>/<slug:quel>/<slug:quoi>.docx",
        gabarits.gabarit_fichier,
        name="gabarit_fichier",
    ),
    path(VERSION, versions.version, name="version"),
    path(f"{VERSION}reglement.yaml", versions.version_export, name="version_export"),
    path(f"{VERSION}depuis/<int:autre>/", versions.version_differences, name="version_differences"),
    path(f"{DISPOSITIF}reglement/brouillons/nouveau/", brouillons.brouillon_ouvrir, name="brouillon_ouvrir"),
    path(BROUILLON, brouillons.brouillon, name="brouillon"),
    path(f"{BROUILLON}tete/", brouillons.brouillon_tete, name="brouillon_tete"),
    path(f"{BROUILLON}geste/", brouillons.brouillon_geste, name="brouillon_geste"),
    path(f"{BROUILLON}reglement.yaml", brouillons.brouillon_export, name="brouillon_export"),
    path(f"{BROUILLON}historique/", brouillons.brouillon_historique, name="brouillon_historique"),
    path(
        f"{BROUILLON}historique/<int:numero>/annuler/", brouillons.brouillon_annuler, name="brouillon_annuler"
    ),
    path(f"{BROUILLON}publier/", publication.brouillon_publier, name="brouillon_publier"),
    path(f"{BROUILLON}articles/nouveau/", articles.article_nouveau, name="article_nouveau"),
    path(ARTICLE, articles.article, name="article"),
    path(f"{ARTICLE}geste/", articles.article_geste, name="article_geste"),
    path(f"{ARTICLE}regles/nouvelle/", articles.regle_nouvelle, name="regle_nouvelle"),
    path(f"{ARTICLE}regles/<int:rang_regle>/", articles.regle, name="regle"),
    path(f"{ARTICLE}regles/<int:rang_regle>/geste/", articles.regle_geste, name="regle_geste"),
]
