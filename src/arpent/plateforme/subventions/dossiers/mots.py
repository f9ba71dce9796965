"""The words of the gestures of a file that are not in its cycle, for the journal and the history."""

GESTES_DOSSIER = {
    "ouvrir_dossier": "Préparer un dossier de subvention",
    "modifier_dossier": "Modifier un dossier de subvention",
    "joindre_piece_dossier": "Joindre une pièce à un dossier",
    "retirer_piece_dossier": "Retirer une pièce d’un dossier",
    "accepter_piece": "Accepter une pièce",
    "refuser_piece": "Refuser une pièce",
    "repondre_demande_piece": "Répondre à une demande de pièce",
    "lever_demande_piece": "Lever une demande de pièce",
    "autoriser_commencement": "Autoriser le commencement des travaux",
    "rendre_reste": "Rendre à l’enveloppe le reste d’une ligne",
    "creer_rapport": "Préparer un rapport à la commission",
    "modifier_rapport": "Modifier un rapport à la commission",
    "ajouter_au_rapport": "Porter des dossiers à la commission",
    "retirer_du_rapport": "Retirer un dossier d’un rapport",
}
