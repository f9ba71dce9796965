from django.urls import path

from .views import dossier, liste, pieces, preparation, rapports

_T = "territoires/<slug:slug>/realisation/dossiers/"
_D = f"{_T}<int:annee>-<int:numero>/"
_R = "dossiers/rapports/"
urlpatterns = [
    path("dossiers/", liste.dossiers, name="dossiers"),
    path("dossiers/dossiers.xlsx", liste.dossiers, {"classeur": True}, name="dossiers_xlsx"),
    path(_R, rapports.rapports, name="rapports"),
    path(f"{_R}nouveau/", rapports.nouveau, name="rapport_nouveau"),
    path(f"{_R}<int:pk>/", rapports.rapport, name="rapport"),
    path(f"{_R}<int:pk>/modifier/", rapports.modifier, name="rapport_modifier"),
    path(f"{_R}<int:pk>/vote/", rapports.vote, name="rapport_vote"),
    path(f"{_R}<int:pk>/projet.<slug:format>", rapports.projet, name="rapport_projet"),
    path(f"{_R}<int:pk>/documents/<int:document>/", rapports.document, name="rapport_document"),
    path(f"{_R}<int:pk>/gestes/<slug:geste>/", rapports.geste, name="rapport_geste"),
    path(f"{_T}nouveau/", preparation.nouveau, name="dossier_nouveau"),
    path(_D, dossier.dossier, name="dossier"),
    path(f"{_D}modifier/", preparation.modifier, name="dossier_modifier"),
    path(f"{_D}gestes/<slug:geste>/", dossier.geste, name="dossier_geste"),
    path(f"{_D}commencement/", dossier.commencement, name="dossier_commencement"),
    path(f"{_D}documents/<int:pk>/", dossier.document, name="dossier_document"),
    path(f"{_D}pieces/accepter/", pieces.accepter_tout, name="dossier_pieces_accepter"),
    path(f"{_D}pieces/<int:pk>/", pieces.piece, name="dossier_piece"),
    path(f"{_D}pieces/<int:pk>/retirer/", pieces.retirer, name="dossier_piece_retirer"),
    path(f"{_D}pieces/<int:pk>/accepter/", pieces.accepter, name="dossier_piece_accepter"),
    path(f"{_D}pieces/<int:pk>/refuser/", pieces.refuser, name="dossier_piece_refuser"),
    path(f"{_D}demandes/nouvelle/", pieces.demander, name="dossier_demander"),
    path(f"{_D}demandes/<int:pk>/repondre/", pieces.repondre, name="dossier_repondre"),
    path(f"{_D}demandes/<int:pk>/lever/", pieces.lever, name="dossier_lever"),
]
