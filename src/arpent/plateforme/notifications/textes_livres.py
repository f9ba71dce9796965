"""The mails as they are shipped: subject, body, fields and what each stands for, with an example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Champ:
    """What a field stands for, and an example of it (several lines at times)."""

    sens: str
    exemple: str


@dataclass(frozen=True, slots=True)
class Texte:
    """A shipped mail. `exige`: the fields without which it says nothing."""

    code: str
    libelle: str
    sujet: str
    corps: str
    champs: dict[str, Champ]
    exige: frozenset[str] = frozenset()

    @property
    def exemple(self) -> dict[str, str]:
        return {nom: champ.exemple for nom, champ in self.champs.items()}


_PRENOM = Champ("prénom du destinataire", "Claire")
_CIVILITE = Champ("civilité du destinataire, ou « Madame, Monsieur »", "Madame")
_COMMUNS = {
    "prenom": _PRENOM,
    "nombre": Champ("nombre de nouvelles", "2 nouvelles"),
    "nouvelles": Champ(
        "les nouvelles", "FICHES PROJETS\n- Une fiche est à pré-instruire : réfection de l’école\n  …"
    ),
}
_REUNION = {
    "civilite": _CIVILITE,
    "titre": Champ("titre de la réunion", "COPIL de lancement"),
    "jour": Champ("jour de la réunion", "12/03/2027"),
}
_LIEN = Champ("le lien, personnel", "https://arpent.exemple.fr/…")
_QUESTIONNAIRE = {
    "titre": Champ("titre du questionnaire", "Votre avis sur le contrat territorial"),
    "territoire": Champ("territoire du contrat", "Gévaudan"),
    "autorite": Champ("autorité du contrat", "Département de la Lozère"),
    "lien": _LIEN,
    "limite": Champ("dernier jour pour répondre", "26/03/2027"),
}
_EXIGE_NOUVELLES, _EXIGE_LIEN = frozenset({"nouvelles"}), frozenset({"lien"})

LIVRES: tuple[Texte, ...] = (
    Texte(
        "resume_jour",
        "Résumé du jour",
        "Arpent : {nombre} pour vous",
        "Bonjour {prenom},\n\nDepuis votre dernier résumé :\n\n{nouvelles}",
        _COMMUNS,
        _EXIGE_NOUVELLES,
    ),
    Texte(
        "resume_semaine",
        "Résumé de la semaine",
        "Arpent : {nombre} cette semaine",
        "Bonjour {prenom},\n\nCette semaine :\n\n{nouvelles}",
        _COMMUNS,
        _EXIGE_NOUVELLES,
    ),
    Texte(
        "aussitot",
        "Courriel immédiat",
        "Arpent : {sujet}",
        "Bonjour {prenom},\n\n{nouvelles}",
        _COMMUNS | {"sujet": Champ("objet de la première nouvelle", "Une fiche est à pré-instruire")},
        _EXIGE_NOUVELLES,
    ),
    Texte(
        "invitation",
        "Invitation à ouvrir un compte",
        "Votre accès à Arpent",
        "Bonjour {nom},\n\n{invitant} vous invite sur Arpent, la plateforme des contrats territoriaux, comme "
        "{role}. {duree}\n\nOuvrez ce lien pour accepter :\n{lien}\n\nIl sert une fois, jusqu’au {limite}. "
        "Si vous ne connaissez pas cette personne, ne faites rien : aucun compte ne sera créé.",
        {
            "nom": Champ("prénom et nom de la personne invitée", "Jeanne Pons"),
            "invitant": Champ("qui invite", "Claire Vidal"),
            "role": Champ("rôle et périmètre", "secrétaire de mairie, Commune de Chirac"),
            "duree": Champ("fin de l’accès, s’il en a une", "Votre accès prendra fin le 30/06/2027."),
            "lien": _LIEN,
            "limite": Champ("dernier instant du lien", "19/03/2027 à 10:30"),
        },
        _EXIGE_LIEN,
    ),
    Texte(
        "mot_de_passe_perdu",
        "Mot de passe perdu",
        "Choisir un nouveau mot de passe",
        "Bonjour,\n\nVous avez demandé un nouveau mot de passe Arpent. Ouvrez ce lien dans l’heure :\n{lien}"
        "\n\nIl sert une fois. Si vous n’avez rien demandé, ne faites rien : votre mot de passe n’a pas "
        "changé.",
        {"lien": _LIEN},
        _EXIGE_LIEN,
    ),
    Texte(
        "mot_de_passe_change",
        "Mot de passe changé",
        "Votre mot de passe a changé",
        "Bonjour,\n\nLe mot de passe de votre compte Arpent vient d’être changé et vos sessions ont été "
        "fermées. Si ce n’est pas vous, demandez tout de suite « Mot de passe perdu » et prévenez "
        "l’administrateur.",
        {},
    ),
    Texte(
        "reunion_convocation",
        "Convocation à une réunion",
        "Convocation : {titre}, {jour}",
        "{civilite},\n\nNous vous convions à la réunion « {titre} »\n{quand}\n{ou}\n\n{avis}\n\nLa "
        "convocation est jointe, avec l’évènement à mettre dans votre agenda.\n\n{page}",
        _REUNION
        | {
            "quand": Champ("jour et heure", "12/03/2027 à 14 h"),
            "ou": Champ("lieu, et adresse de visioconférence", "Salle des fêtes de Chirac"),
            "avis": Champ("ce qui change, si la convocation en remplace une autre", ""),
            "page": Champ(
                "page de la réunion, pour qui a un compte",
                "Page de la réunion : https://arpent.exemple.fr/…",
            ),
        },
        frozenset({"quand", "ou", "avis"}),
    ),
    Texte(
        "reunion_empechee",
        "Réunion reportée ou annulée",
        "{nature} : {titre}, {jour}",
        "{civilite},\n\n« {titre} », prévue le {quand}.\n{avis}\n\n{page}",
        _REUNION
        | {
            "nature": Champ("report ou annulation", "Réunion reportée"),
            "quand": Champ("jour et heure prévus", "12/03/2027 à 14 h"),
            "avis": Champ("ce qui est décidé, et le motif", "La réunion est annulée. Motif : neige"),
            "page": Champ("page de la réunion, pour qui a un compte", ""),
        },
        frozenset({"avis"}),
    ),
    Texte(
        "reunion_compte_rendu",
        "Compte rendu de réunion",
        "Compte rendu : {titre}, {jour}",
        "{civilite},\n\nLe compte rendu de « {titre} » ({jour}), validé par {valideur}, est joint.",
        _REUNION | {"valideur": Champ("qui a validé le compte rendu", "Paul Roux")},
    ),
    Texte(
        "agenda",
        "Abonnement à l’agenda",
        "Votre agenda des réunions",
        "{civilite},\n\nVos réunions et vos échéances peuvent arriver seules dans votre agenda. Abonnez-le à "
        "cette adresse, qui est à vous seul :\n{lien}\n\nPour arrêter cet agenda quand vous voulez :\n"
        "{arret}",
        {
            "civilite": _CIVILITE,
            "lien": _LIEN,
            "arret": Champ("page qui arrête l’agenda", "https://arpent.example/agenda/xxxx/arreter/"),
        },
        _EXIGE_LIEN,
    ),
    Texte(
        "questionnaire",
        "Questionnaire d’évaluation",
        "{titre} : votre avis, {territoire}",
        "Bonjour,\n\n{autorite} et le territoire {territoire} évaluent leur contrat et vous demandent votre "
        "avis : « {titre} ».\n\nRépondez ici, sans compte, en cinq minutes :\n{lien}\n\nCe lien est le "
        "vôtre. Vos réponses sont gardées page par page ; reprenez-les jusqu’au {limite} au soir.",
        _QUESTIONNAIRE,
        _EXIGE_LIEN,
    ),
    Texte(
        "questionnaire_relance",
        "Relance d’un questionnaire d’évaluation",
        "Rappel : votre avis, {territoire}",
        "Bonjour,\n\nVos réponses au questionnaire « {titre} » ({autorite}, {territoire}) ne sont pas encore "
        "arrivées. Il reste ouvert jusqu’au {limite} au soir :\n{lien}\n\nCe que vous avez déjà répondu est "
        "gardé. Si vous ne voulez pas répondre, ne faites rien.",
        _QUESTIONNAIRE,
        _EXIGE_LIEN,
    ),
    Texte(
        "appui_structure",
        "Demande d’appui à une structure sans compte",
        "Demande d’appui de {demandeur}",
        "{demandeur}, {objet} : {question}\n\nRéponse attendue le {echeance}. Contact : {contact}",
        {
            "demandeur": Champ("collectivité qui demande", "Commune de Chirac"),
            "objet": Champ("projet ou territoire concerné", "Gévaudan"),
            "question": Champ("la question", "Comment monter le dossier de la halle ?"),
            "echeance": Champ("jour de réponse attendu", "26/03/2027"),
            "contact": Champ("qui demande, et son adresse", "Jeanne Pons, mairie@exemple.fr"),
        },
        frozenset({"question", "contact"}),
    ),
)
