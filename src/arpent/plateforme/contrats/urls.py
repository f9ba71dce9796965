"""The contract: its text, its parties, the votes, the versions, the files."""

from django.urls import path

from . import views, views_exterieur, views_fin, views_redaction, views_retour, views_seances, views_votes
from .avenants.urls import urlpatterns as avenants
from .signatures import views as signature
from .signatures import views_circuit as circuit
from .signatures import views_ensemble as ensemble

app_name = "contrats"

_RACINE = "territoires/<slug:slug>/contrat/"
_CIRCUIT, _PLACE = f"{_RACINE}circuits/<int:pk>/", f"{_RACINE}emplacements/<int:pk>/"
_ARTICLE = f"{_RACINE}redaction/<slug:code>/"
urlpatterns = [
    *avenants,
    path(_RACINE, views.contrat, name="contrat"),
    path(f"{_RACINE}exterieur/", views_exterieur.exterieur, name="exterieur"),
    path(f"{_RACINE}fin/", views_fin.fin, name="fin"),
    path(f"{_RACINE}fin/abandonner/", views_fin.fin_abandonner, name="fin_abandonner"),
    path(f"{_RACINE}preparer/", views.preparer, name="preparer"),
    path(f"{_RACINE}modifier/", views.modifier, name="modifier"),
    path(f"{_RACINE}parties/", views.parties, name="parties"),
    path(f"{_RACINE}parties/ajouter/", views.partie_ajouter, name="partie_ajouter"),
    path(f"{_RACINE}parties/<int:pk>/contrat.<str:format>", views.particulier, name="particulier"),
    path(f"{_RACINE}parties/<int:pk>/retirer/", views.partie_retirer, name="partie_retirer"),
    path(f"{_RACINE}parties/<int:pk>/", views.partie, name="partie"),
    path(f"{_RACINE}parties/<int:pk>/vote/", views_votes.vote_noter, name="vote_noter"),
    path(f"{_RACINE}avenants/<int:pk>/parties/<int:id>/vote/", views_votes.vote_avenant, name="vote_avenant"),
    path(f"{_RACINE}votes/<int:pk>/", views_votes.vote, name="vote"),
    path(f"{_RACINE}votes/<int:pk>/acte/", views_votes.vote_signe, name="vote_signe"),
    path("signatures/", ensemble.signatures_en_attente, name="signatures_attendues"),
    path("signatures/signer/", ensemble.signatures_signer, name="signatures_signer"),
    path("votes/", views_votes.votes_attendus, name="votes_attendus"),
    path(f"{_RACINE}parties/<int:pk>/seance/<str:fichier>", views_seances.seance, name="seance"),
    path("votes.<str:genre>", views_votes.votes_export, name="votes_export"),
    path("votes/relance/", views_votes.votes_relance, name="votes_relance"),
    path(f"{_RACINE}redaction/", views_redaction.redaction, name="redaction"),
    path(f"{_RACINE}redaction/ajouter/", views_redaction.article_ajouter, name="article_ajouter"),
    path(
        f"{_RACINE}redaction/remarques/<int:pk>/piece/",
        views_redaction.remarque_piece,
        name="remarque_piece",
    ),
    path(f"{_RACINE}redaction/remarques/<int:pk>/etat/", views_redaction.remarque_etat, name="remarque_etat"),
    path(
        f"{_RACINE}redaction/remarques/<int:pk>/reprendre/",
        views_redaction.remarque_reprendre,
        name="remarque_reprendre",
    ),
    path(f"{_RACINE}redaction/word/", views_retour.retour_word, name="retour_word"),
    path(f"{_RACINE}redaction/word/reprendre/", views_retour.retour_reprendre, name="retour_reprendre"),
    path(_ARTICLE, views_redaction.article, name="article"),
    path(f"{_ARTICLE}rediger/", views_redaction.article_rediger, name="article_rediger"),
    path(
        f"{_ARTICLE}supprimer/",
        views_redaction.article_supprimer,
        name="article_supprimer",
    ),
    path(f"{_ARTICLE}remarque/", views_redaction.remarque_ecrire, name="remarque_ecrire"),
    path(f"{_RACINE}generer/", views.generer, name="generer"),
    path(f"{_RACINE}archive.zip", views.archive, name="archive"),
    path(f"{_RACINE}etat/", views.geste, name="geste"),
    path(f"{_RACINE}documents/<int:pk>/", views.document, name="document"),
    path(f"{_RACINE}signature/ouvrir/", circuit.ouvrir, name="signature_ouvrir"),
    path(f"{_CIRCUIT}", circuit.circuit, name="circuit"),
    path(f"{_CIRCUIT}pile/", circuit.pile, name="circuit_pile"),
    path(f"{_CIRCUIT}exemplaire/", circuit.exemplaire, name="circuit_exemplaire"),
    path(f"{_CIRCUIT}abandonner/", circuit.abandonner, name="circuit_abandonner"),
    path(f"{_CIRCUIT}a-imprimer.pdf", circuit.imprimer, name="circuit_imprimer"),
    path(f"{_RACINE}signees/<int:pk>/", circuit.document_signe, name="document_signe"),
    path(f"{_PLACE}", signature.emplacement, name="emplacement"),
    path(f"{_PLACE}canal/", signature.canal, name="emplacement_canal"),
    path(f"{_PLACE}signer/", signature.signer, name="emplacement_signer"),
    path(f"{_PLACE}consentir/", signature.consentir, name="emplacement_consentir"),
    path(f"{_PLACE}refuser/", signature.refuser, name="emplacement_refuser"),
    path(f"{_PLACE}parapheur.zip", signature.parapheur_paquet, name="emplacement_paquet"),
    path(f"{_PLACE}parapheur/", signature.parapheur_retour, name="emplacement_parapheur"),
    path("verifier/", signature.verifier, name="verifier"),
]
