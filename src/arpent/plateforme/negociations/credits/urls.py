from django.urls import path

from . import views
from .gestes_fonds import GESTES_DU_FONDS

_D = "dispositifs/<slug:slug>/credits/"
_T = "territoires/<slug:slug>/negociation/credits/"
urlpatterns = [
    path(_D, views.dispositif, name="credits_dispositif"),
    path(f"{_D}soldes.csv", views.dispositif_fichier, {"genre": "csv"}, name="credits_dispositif_csv"),
    path(f"{_D}soldes.xlsx", views.dispositif_fichier, {"genre": "xlsx"}, name="credits_dispositif_xlsx"),
    path(f"{_D}fonds/<slug:code>/montant/", views.dotation, name="credits_dotation"),
    *(
        path(f"{_D}fonds/<slug:code>/{g}/", views.geste_du_fonds, {"geste": g}, name=f"credits_fonds_{g}")
        for g in GESTES_DU_FONDS
    ),
    path(f"{_D}mouvements/", views.dispositif_mouvements, name="credits_dispositif_mouvements"),
    path(
        f"{_D}mouvements/liste.csv", views.dispositif_mouvements, {"genre": "csv"},
        name="credits_dispositif_mouvements_csv",
    ),
    path(
        f"{_D}mouvements/liste.xlsx", views.dispositif_mouvements, {"genre": "xlsx"},
        name="credits_dispositif_mouvements_xlsx",
    ),
    path(_T, views.territoire, name="credits"),
    path(f"{_T}soldes.csv", views.territoire_fichier, {"genre": "csv"}, name="credits_csv"),
    path(f"{_T}soldes.xlsx", views.territoire_fichier, {"genre": "xlsx"}, name="credits_xlsx"),
    path(f"{_T}mouvements/", views.territoire_mouvements, name="credits_mouvements"),
    path(
        f"{_T}mouvements/liste.csv", views.territoire_mouvements, {"genre": "csv"},
        name="credits_mouvements_csv",
    ),
    path(
        f"{_T}mouvements/liste.xlsx", views.territoire_mouvements, {"genre": "xlsx"},
        name="credits_mouvements_xlsx",
    ),
    path(f"{_T}<int:pk>/", views.enveloppe, name="credits_enveloppe"),
    path(f"{_T}<int:pk>/gestes/<slug:geste>/", views.geste, name="credits_geste"),
]  # fmt: skip
