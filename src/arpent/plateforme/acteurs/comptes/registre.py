"""The register of processing activities (article 30 of the GDPR), as data: the page and the file read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traitement:
    """One processing activity. `objets`: codes of the kinds of `conservation.OBJETS` that it fills."""

    nom: str
    finalite: str
    base: str
    personnes: str
    donnees: str
    destinataires: str
    objets: tuple[str, ...]


MISSION = "mission d’intérêt public (RGPD, article 6, 1, e)"
OBLIGATION = "obligation légale (RGPD, article 6, 1, c)"
_MEMBRES = "les personnes habilitées sur le même territoire ou pour la même autorité"

REGISTRE = (
    Traitement(
        "Comptes et habilitations",
        "ouvrir l’accès aux seules personnes habilitées, pour ce que leur rôle permet et le temps qu’il dure",
        MISSION, "agents, élus, invités",
        "adresse électronique, nom, prénom, fonction, rôles datés, structure ; mot de passe sous forme "
        "d’empreinte, clés d’accès (clés publiques), secret des codes temporels chiffré",
        f"{_MEMBRES} (nom et fonction) ; l’administrateur", ("comptes", "invitations"),
    ),
    Traitement(
        "Sessions et essais de connexion",
        "montrer à chacun où son compte est ouvert, empêcher de deviner un mot de passe",
        MISSION, "agents, élus, invités ; quiconque essaie de se connecter",
        "heure, moyen, adresse réseau et navigateur des sessions ouvertes, huit heures au plus ; empreintes "
        "à clé des adresses essayées, un jour",
        "la personne elle-même", (),
    ),
    Traitement(
        "Journal des gestes",
        "rendre compte de qui a décidé quoi, et prouver que la trace n’a pas été modifiée",
        MISSION, "agents, élus, invités", "nom (gardé à part), geste, date, valeurs avant et après",
        "les personnes qui ont le droit de lire le journal, dans leur périmètre", ("journal",),
    ),
    Traitement(
        "Fiches projets, avis, remarques et contrats",
        "préparer, négocier, voter, signer et suivre les contrats territoriaux",
        MISSION, "agents, élus, personnes à joindre pour un projet",
        "nom de qui écrit, donne un avis ou signe ; nom, courriel et téléphone de la personne à joindre ; "
        "photos de chantier, position et auteur effacés",
        f"{_MEMBRES} ; le public pour les actes publiés", ("dossiers", "saisies"),
    ),
    Traitement(
        "Questionnaires d’évaluation",
        "recueillir l’avis des structures qui vivent le contrat, pour l’évaluer",
        MISSION, "personnes à qui le lien du questionnaire est envoyé",
        "nom et adresse électronique du destinataire, gardés à part des réponses ; réponses de la structure",
        f"{_MEMBRES} : qui a répondu ; les réponses se lisent regroupées, sans leur auteur",
        ("questionnaire",),
    ),
    Traitement(
        "Notifications et courriels",
        "prévenir chacun de ce qui l’attend",
        MISSION, "agents, élus, invités", "adresse électronique, texte de la notification",
        "la personne elle-même", ("notifications",),
    ),
)  # fmt: skip
