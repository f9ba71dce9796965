from django.urls import path

from .views import bureau, documents, salle, telephone

_ICI = "territoires/<slug:slug>/diagnostic/ateliers/"
_UN = f"{_ICI}<int:pk>/"
urlpatterns = [
    path(_ICI, bureau.ateliers, name="ateliers"),
    path(f"{_ICI}nouveau/", bureau.creer, name="atelier_creer"),
    path(_UN, bureau.atelier, name="atelier"),
    path(f"{_UN}modifier/", bureau.modifier, name="atelier_modifier"),
    path(f"{_UN}deroule/", bureau.modifier_deroule, name="atelier_deroule"),
    path(f"{_UN}tables/", bureau.tables, name="atelier_tables"),
    path(f"{_UN}etat/", bureau.geste, name="atelier_geste"),
    path(f"{_UN}contributions/", bureau.contributions, name="atelier_contributions"),
    path(f"{_UN}projection/", salle.projection, name="atelier_projection"),
    path(f"{_UN}projection/direct/", salle.direct, name="atelier_direct"),
    path(f"{_UN}projection/etape/", salle.etape, name="atelier_etape"),
    path(f"{_UN}compte-rendu/", documents.page, name="atelier_compte_rendu"),
    path(f"{_UN}compte-rendu.txt", documents.en_texte, name="atelier_compte_rendu_txt"),
    path(f"{_UN}compte-rendu.csv", documents.en_tableau, name="atelier_compte_rendu_csv"),
    path("a/", telephone.code, name="telephone_code"),
    path("a/<str:code>/", telephone.telephone, name="telephone"),
    path("a/<str:code>/table/", telephone.table, name="telephone_table"),
    path("a/<str:code>/constat/", telephone.constat, name="telephone_constat"),
    path("a/<str:code>/vote/", telephone.vote, name="telephone_vote"),
    path("a/<str:code>/direct/", telephone.direct, name="telephone_direct"),
]
