"""One's account, logging in otherwise than by password, invitations, personal data."""

from django.urls import path

from .views import compte, connexions, donnees, facteurs, invitations, mots_de_passe, unique

app_name = "compte"
urlpatterns = [
    path("compte/", compte.mon_compte, name="mon_compte"),
    path("compte/confirmer/", compte.confirmer, name="confirmer"),
    path("compte/mot-de-passe/", mots_de_passe.changer, name="mot_de_passe"),
    path("compte/sessions/fermer/", compte.fermer_partout, name="fermer_partout"),
    path("compte/sessions/<int:pk>/fermer/", compte.fermer, name="fermer"),
    path("compte/code/", facteurs.code, name="code"),
    path("compte/code/preparer/", facteurs.preparer, name="code_preparer"),
    path("compte/code/secours/", facteurs.secours, name="code_secours"),
    path("compte/code/retirer/", facteurs.retirer_code, name="code_retirer"),
    path("compte/cles/", facteurs.cles, name="cles"),
    path("compte/cles/options/", facteurs.cle_options, name="cle_options"),
    path("compte/cles/<int:pk>/retirer/", facteurs.cle_retirer, name="cle_retirer"),
    path("compte/donnees/", donnees.mes_donnees, name="mes_donnees"),
    path("compte/donnees.zip", donnees.exporter_les_miennes, name="mes_donnees_zip"),
    path("connexion/code/", connexions.code_connexion, name="code_connexion"),
    path("connexion/cle/", connexions.cle_connexion, name="cle_connexion"),
    path("connexion/cle/options/", connexions.cle_connexion_options, name="cle_connexion_options"),
    path("connexion/unique/", unique.depart, name="unique"),
    path("connexion/unique/retour/", unique.retour, name="unique_retour"),
    path("mot-de-passe/perdu/", mots_de_passe.perdu, name="perdu"),
    path("mot-de-passe/perdu/envoye/", mots_de_passe.perdu_envoye, name="perdu_envoye"),
    path("mot-de-passe/choisir/<str:jeton>/", mots_de_passe.choisir, name="choisir"),
    path("invitations/", invitations.liste, name="invitations"),
    path("invitations/nouvelle/", invitations.nouvelle, name="invitation_nouvelle"),
    path("invitations/envoyees/<int:pk>/renvoyer/", invitations.renvoyer, name="invitation_renvoyer"),
    path("invitations/envoyees/<int:pk>/annuler/", invitations.annuler, name="invitation_annuler"),
    path("invitation/<str:jeton>/", invitations.accepter, name="accepter"),
    path("donnees-personnelles/", donnees.registre, name="registre"),
    path("donnees-personnelles/registre.csv", donnees.registre_csv, name="registre_csv"),
    path("donnees-personnelles/conservation/", donnees.conservation, name="conservation"),
    path(
        "donnees-personnelles/conservation/<slug:objet>/", donnees.conservation_apercu,
        name="conservation_apercu",
    ),
]  # fmt: skip
