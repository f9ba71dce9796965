"""The words of the journal: gestures, kinds of objects, fields, as a reader names them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import CYCLES
from arpent.metier.reglement import LIBELLES_VERDICT, Verdict
from arpent.plateforme.subventions.dossiers.mots import GESTES_DOSSIER

COURANTS = {
    "creer": "Créer",
    "modifier": "Modifier",
    "supprimer": "Supprimer",
    "ouvrir": "Ouvrir une démarche",
    "marquer_etape": "Marquer une étape",
    "preparer_reunion": "Préparer une réunion",
    "modifier_reunion": "Modifier une réunion",
    "recomposer_reunion": "Recalculer la composition d’une réunion",
    "ajouter_membre_reunion": "Ajouter quelqu’un à une réunion",
    "retirer_membre_reunion": "Retirer quelqu’un d’une réunion",
    "changer_membre_reunion": "Changer la place de quelqu’un dans une réunion",
    "ajouter_point_reunion": "Ajouter un point à l’ordre du jour",
    "modifier_point_reunion": "Modifier un point de l’ordre du jour",
    "retirer_point_reunion": "Retirer un point de l’ordre du jour",
    "ordonner_points_reunion": "Ordonner l’ordre du jour",
    "deposer_piece_reunion": "Joindre un document à une réunion",
    "retirer_piece_reunion": "Retirer un document d’une réunion",
    "changer_seance": "Changer la séance d’une réunion convoquée",
    "noter_presences": "Noter les présences",
    "prendre_notes": "Prendre des notes de séance",
    "ecrire_synthese": "Écrire la synthèse d’un compte rendu",
    "prendre_decision": "Prendre une décision en réunion",
    "modifier_decision": "Modifier une décision de réunion",
    "demander_contribution": "Demander une contribution à un service",
    "rendre_contribution": "Rendre la contribution d’un service",
    "preparer_questions": "Préparer les questions d’une réunion",
    "repondre_question": "Répondre à une question de réunion",
    "ouvrir_creneaux": "Ouvrir des créneaux de permanence",
    "prendre_creneau": "Prendre un créneau de permanence",
    "liberer_creneau": "Libérer un créneau de permanence",
    "ouvrir_agenda": "Ouvrir l’adresse de son agenda",
    "revoquer_agenda": "Révoquer l’adresse d’un agenda",
    "lancer_questionnaire": "Envoyer un questionnaire d’évaluation",
    "relancer_questionnaire": "Relancer un questionnaire d’évaluation",
    "clore_questionnaire": "Clore un questionnaire d’évaluation",
    "revoquer_questionnaire": "Révoquer un lien de questionnaire",
    "recevoir_reponse_questionnaire": "Recevoir une réponse à un questionnaire",
    "importer": "Importer un plan",
    "garder_vue": "Partager une vue de liste",
    "retirer_vue": "Retirer une vue de liste",
    "proposer_montant": "Proposer un montant",
    "generer": "Générer un contrat",
    "produire_portrait": "Produire le portrait du territoire",
    "emettre_rapport": "Émettre un rapport de pré-instruction",
    "emettre_acte": "Émettre un acte d’attribution",
    "relancer_structure": "Relancer une structure silencieuse",
    "ecrire_modele_courriel": "Écrire le texte d’un courriel",
    "revenir_courriel_livre": "Revenir au texte livré d’un courriel",
    "charger_dispositif": "Charger un dispositif",
    "appliquer_composition": "Appliquer la composition d’un EPCI",
    "creer_compte": "Créer un compte",
    "inviter": "Inviter une personne",
    "renvoyer_invitation": "Renvoyer une invitation",
    "annuler_invitation": "Annuler une invitation",
    "accepter_invitation": "Accepter une invitation",
    "accorder_habilitation": "Accorder une habilitation",
    "clore_habilitation": "Mettre fin à une habilitation",
    "desactiver_compte": "Désactiver un compte",
    "reactiver_compte": "Rouvrir un compte",
    "anonymiser_compte": "Anonymiser un compte",
    "fermer_session": "Fermer une session",
    "fermer_sessions": "Fermer toutes les sessions d’un compte",
    "demander_mot_de_passe": "Demander un nouveau mot de passe",
    "changer_mot_de_passe": "Changer un mot de passe",
    "activer_code_temporel": "Mettre un second facteur en service",
    "retirer_code_temporel": "Retirer un second facteur",
    "refaire_codes_secours": "Refaire des codes de secours",
    "utiliser_code_secours": "Utiliser un code de secours",
    "ajouter_cle_acces": "Ajouter une clé d’accès",
    "retirer_cle_acces": "Retirer une clé d’accès",
    "lier_identite": "Lier le compte à la connexion unique",
    "delier_identite": "Délier le compte de la connexion unique",
    "fixer_conservation": "Fixer une durée de conservation",
    "appliquer_conservation": "Appliquer une durée de conservation",
    "regler_site_public": "Régler le site public",
    "publier_document": "Publier un document sur le site public",
    "depublier_document": "Retirer un document du site public",
    "preremplir": "Préremplir le plan",
    "reprendre_plan": "Reprendre un plan modifié dans un tableur",
    "abandonner_import": "Abandonner un import",
    "envoyer_tour": "Envoyer une offre ou une contre-offre",
    "arreter_maquette": "Arrêter la maquette",
    "lever_accord": "Lever l’accord",
    "noter_acte_accord": "Noter l’acte de l’accord",
    "copier_scenario": "Copier un scénario",
    "importer_scenario": "Créer un scénario depuis un classeur",
    "optimiser_scenario": "Chercher une proposition",
    "modifier_scenario": "Modifier un scénario",
    "supprimer_scenario": "Supprimer un scénario",
    "reprendre_scenario": "Reprendre un scénario dans la maquette",
    "creer_ensemble": "Créer un scénario sur tout le dispositif",
    "modifier_ensemble": "Modifier un scénario sur tout le dispositif",
    "supprimer_ensemble": "Supprimer un scénario sur tout le dispositif",
    "ajouter_deliberation": "Ajouter une délibération",
    "commenter": "Écrire une remarque sur une fiche",
    "regler_commentaire": "Régler une remarque sur une fiche",
    "rouvrir_commentaire": "Rouvrir une remarque sur une fiche",
    "deposer_piece": "Joindre une pièce à une fiche",
    "retirer_piece": "Retirer une pièce d’une fiche",
    "dupliquer": "Dupliquer une fiche",
    "fusionner": "Réunir deux fiches",
    "decouper": "Découper une opération en tranches",
    "classer_maturite": "Changer la maturité d’une fiche",
    "accorder_aide": "Accorder une aide à un projet",
    "retirer_aide": "Reprendre la négociation d’une aide",
    "noter_cadre": "Préciser le cadre juridique",
    "modifier_deliberation": "Compléter une délibération",
    "relancer_deliberation": "Demander une délibération",
    "refaire_pre_instruction": "Refaire la pré-instruction",
    "deroger_regle": "Écarter une règle pour un projet",
    "lever_derogation_regle": "Retirer une dérogation à une règle",
    "demander_avis": "Demander un avis",
    "rendre_avis": "Rendre un avis",
    "demander_appui": "Demander un appui",
    "repondre_appui": "Répondre à une demande d’appui",
    "juger_appui": "Dire si l’aide a servi",
    "noter_temps_appui": "Noter du temps d’appui",
    "creer_structure_appui": "Ajouter une structure d’appui",
    "modifier_structure_appui": "Modifier une structure d’appui",
    "ecrire_conversation": "Écrire dans une conversation",
    "regler_conversation": "Régler une discussion",
    "rouvrir_conversation": "Rouvrir une discussion",
    "repondre_correction": "Répondre à une correction demandée",
    "classer": "Classer les projets",
    "noter_derogation": "Noter une dérogation du préfet",
    "prioriser": "Donner une priorité",
    "saisir_donnee": "Saisir une valeur de répartition",
    "recalculer_enveloppes": "Recalculer les enveloppes",
    "diviser_enveloppe": "Diviser une enveloppe en lignes",
    "regler_enveloppe": "Fixer la part fongible d’une ligne",
    "virer_credits": "Virer un crédit vers une autre ligne",
    "rendre_credits": "Rendre le crédit d’une ligne à l’enveloppe",
    "reporter_credits": "Reporter un crédit sur l’année suivante",
    "ouvrir_tranche": "Ouvrir une tranche",
    "diviser_fonds": "Ajouter une ligne à un fonds",
    "donner_part": "Donner à un territoire sa part d’une ligne",
    "doter_fonds": "Écrire le montant d’un fonds",
    "engager_credits": "Engager un crédit",
    "liberer_credits": "Libérer un engagement",
    "noter_versement": "Noter un versement",
    "noter_reversement": "Noter un reversement",
    "ouvrir_demande_versement": "Préparer une demande de versement",
    "modifier_demande_versement": "Modifier une demande de versement",
    "joindre_piece_versement": "Joindre une pièce à une demande de versement",
    "retirer_piece_versement": "Retirer une pièce d’une demande de versement",
    "constater_paiement": "Noter un paiement constaté",
    "lever_retenue": "Lever une retenue",
    "demander_reversement": "Demander un reversement",
    "declarer_avancement": "Déclarer l’avancement des travaux",
    "demander_prorogation": "Demander une prorogation",
    "saisir_vote_credits": "Saisir les crédits votés",
    "rapprocher_finances": "Rapprocher un export financier",
    "abandonner_finances": "Abandonner un export financier",
    "appliquer_ligne_finances": "Appliquer une ligne d’export financier",
    "ecarter_ligne_finances": "Écarter une ligne d’export financier",
    "ouvrir_demande_reserve": "Préparer une demande de réserve",
    "modifier_demande_reserve": "Modifier une demande de réserve",
    "liberer_reserve": "Libérer le fonds de réserve",
    "ouvrir_maquette": "Ouvrir la maquette",
    "proposer_par_derogation": "Proposer une aide par dérogation",
    "preparer_contrat": "Préparer le contrat",
    "completer_parties": "Mettre à jour les parties",
    "modifier_charte": "Modifier la charte des documents",
    "deposer_gabarit": "Déposer un gabarit Word",
    "servir_gabarit": "Mettre un gabarit Word en service",
    "revenir_au_gabarit_livre": "Revenir au gabarit Word livré",
    "ajouter_partie": "Ajouter une partie",
    "retirer_partie": "Retirer une partie",
    "rediger_article": "Rédiger un article",
    "supprimer_article": "Supprimer un article ou revenir au modèle",
    "generer_contrat": "Générer le contrat",
    "noter_fin_contrat": "Noter la fin anticipée du contrat",
    "abandonner_fin_contrat": "Abandonner la fin anticipée du contrat",
    "preparer_avenant": "Préparer un avenant",
    "modifier_avenant": "Modifier un avenant",
    "ecrire_mouvement_avenant": "Écrire un mouvement d’avenant",
    "retirer_mouvement_avenant": "Retirer un mouvement d’avenant",
    "noter_vote": "Noter le vote d’une partie",
    "modifier_vote": "Compléter le vote d’une partie",
    "revoir_vote": "Revoir un vote, le contrat ayant changé",
    "relancer_vote": "Demander le vote d’une partie",
    "ouvrir_circuit_signature": "Ouvrir un circuit de signature",
    "choisir_canal_signature": "Choisir comment une partie signe",
    "recueillir_signature": "Recueillir la signature d’une partie",
    "refuser_signature": "Noter le refus de signer d’une partie",
    "completer_signature": "Constater un circuit de signature complet",
    "abandonner_signature": "Abandonner un circuit de signature",
    "modifier_deroule": "Modifier le déroulé d’un atelier",
    "nommer_tables": "Nommer les tables d’un atelier",
    "ecarter_contribution": "Écarter des contributions d’atelier",
    "retablir_contribution": "Rétablir des contributions d’atelier",
    "fusionner_contributions": "Réunir des contributions d’atelier",
    "verser_contributions": "Verser des contributions d’atelier au tableau",
    "ajouter_preuve": "Ajouter une preuve à un constat",
    "retirer_preuve": "Retirer une preuve d’un constat",
    "ecrire_message": "Écrire sur un constat",
    "masquer_message": "Masquer un message",
    "accorder": "Noter l’accord sur un constat",
    "changer_perimetre": "Changer le périmètre d’un territoire",
    "donner_habilitation": "Donner un rôle",
    "prolonger_habilitation": "Prolonger un rôle",
    "declarer_absence": "Déclarer une absence",
    "terminer_absence": "Terminer une absence",
    "designer": "Désigner qui rédige, valide ou signe",
    "cesser_designation": "Retirer une désignation",
    "ajouter_organisation": "Ajouter une structure à l’annuaire",
    "modifier_organisation": "Modifier une structure de l’annuaire",
    "ajouter_personne": "Ajouter une personne à l’annuaire",
    "modifier_personne": "Modifier une personne de l’annuaire",
    "ouvrir_mandat": "Ouvrir un mandat",
    "modifier_mandat": "Corriger un mandat",
    "clore_mandat": "Clore un mandat",
    "appliquer_election": "Appliquer une liste d’élus",
    "transmettre_charge": "Transmettre ce qu’un élu avait en charge",
    "se_connecter": "Se connecter",
    "copier_modele": "Copier un modèle de vulnérabilité",
    "mettre_en_vigueur": "Mettre en vigueur un modèle de vulnérabilité",
    "retirer_modele": "Cesser d’appliquer un modèle de vulnérabilité",
    "revenir": "Revenir à la phase précédente",
    "ouvrir_brouillon": "Ouvrir un brouillon de règlement",
    "annuler_modification": "Annuler une modification du règlement",
    "abandonner_brouillon": "Abandonner un brouillon de règlement",
    "reprendre_brouillon": "Reprendre un brouillon de règlement",
    "publier_reglement": "Publier une version du règlement",
    "replanifier_etape": "Changer la date prévue d’une étape",
    "retenir_etape": "Retenir ou non une étape facultative",
    "changer_processus": "Changer la version du processus suivi",
    "ouvrir_processus": "Ouvrir un brouillon de processus",
    "ajouter_au_processus": "Ajouter au processus",
    "modifier_processus": "Modifier le processus",
    "deplacer_dans_processus": "Déplacer dans le processus",
    "retirer_du_processus": "Retirer du processus",
    "importer_processus": "Remplacer un brouillon de processus par un fichier",
    "publier_processus": "Publier une version du processus",
    "abandonner_processus": "Abandonner un brouillon de processus",
    "noter_siret": "Noter le SIRET d’une structure",
    "creer_jeton": "Créer un jeton d’accès",
    "revoquer_jeton": "Révoquer un jeton d’accès",
    "ecrire_par_api": "Écrire par un programme",
    "abonner_evenements": "Abonner une adresse aux événements",
    "arreter_abonnement": "Arrêter un abonnement aux événements",
    "reprendre_abonnement": "Reprendre un abonnement aux événements",
    "reprendre_processus": "Reprendre un brouillon de processus",
    "poser_jalons": "Poser les jalons types d’un projet",
    "ecrire_jalons": "Écrire les jalons d’un projet",
    "faire_le_point": "Faire le point sur un projet",
    "deposer_photo": "Ajouter une photo de chantier",
    "retirer_photo": "Retirer une photo de chantier",
    "signaler_blocage": "Signaler un point bloquant",
    "lever_blocage": "Lever un point bloquant",
    "noter_valeur": "Noter la valeur d’un indicateur",
    "effacer_valeur": "Effacer la valeur d’un indicateur",
    "peser_enjeux": "Peser les enjeux d’un axe",
}
_MONTANT = re.compile(r"-?\d+\.\d{2}")
_VERDICTS = {verdict.value: LIBELLES_VERDICT[verdict] for verdict in Verdict}
GESTES: dict[str, str] = (
    {t.geste: t.libelle for c in CYCLES for t in c.transitions} | COURANTS | GESTES_DOSSIER
)


def libelle_geste(geste: str) -> str:
    return GESTES.get(geste) or geste.replace("_", " ").capitalize()


# What is journaled without being a field of the object.
CHAMPS = {
    "sans": "conditions non remplies",
    "etapes": "étapes",
    "ajoutees": "parties ajoutées",
    "retirees": "parties retirées",
    "debut": "à partir du",
    "deliberation": "délibération",
    "assemblee": "assemblée",
    "priorite": "priorité",
    "reglement": "règlement",
    "role": "rôle",
    "premier": "première fiche",
    "dernier": "dernière fiche",
    "empreinte_docx": "empreinte du fichier Word",
    "empreinte_pdf": "empreinte du PDF",
    "aide_maximale": "aide maximale possible",
}


@cache
def _champ(objet_type: str, nom: str) -> tuple[str, dict[str, str]]:
    """Label of a field and labels of its choices; its bare name when the model no longer has it."""
    try:
        champ = apps.get_model(objet_type)._meta.get_field(nom)
    except (LookupError, ValueError, FieldDoesNotExist):
        return CHAMPS.get(nom, nom.replace("_", " ")), {}
    choix = {str(code): str(mot) for code, mot in getattr(champ, "choices", None) or []}
    return str(getattr(champ, "verbose_name", nom)), choix


def libelle_champ(objet_type: str, nom: str) -> str:
    libelle = _champ(objet_type, nom)[0]
    return libelle[:1].upper() + libelle[1:]


def ecrire_valeur(objet_type: str, nom: str, valeur: Any) -> str:
    """A journaled value in words; an absent one is said, never blank."""
    match valeur:
        case None | "" | [] | {}:
            return "(vide)"
        case bool():
            return "oui" if valeur else "non"
        case list():
            return ", ".join(str(v) for v in valeur)
        case dict():
            return " ; ".join(f"{cle} : {v}" for cle, v in valeur.items())
    texte = str(valeur)
    if _MONTANT.fullmatch(texte):
        return formater_euros(Decimal(texte))
    return _champ(objet_type, nom)[1].get(texte) or _VERDICTS.get(texte, texte)
