"""Where a person is named in the database, and what becomes of it when the account is anonymised.

A test refuses a new link to an account, or a new copy of a name, that is not said here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nom:
    """A copy of a name. `lien`: the field that says whose it is; empty: only the name says so.

    `fige`: the row cannot change (signed, issued, append-only): the name stays, with the public act it is in.
    """

    modele: str
    champ: str
    lien: str = ""
    fige: str = ""


IDENTIFIANTS: dict[str, str] = {
    "notifications.ChoixRubrique": "agent_id",
    "notifications.Rythme": "agent_id",
    "notifications.Relance": "agent_id",
    "journal.Entree": "par_id",
    "journal.AuteurJournal": "agent_id",
    "documents.DocumentEmis": "emis_par_id",
    "notifications.Notification": "destinataire_id",
    "echanges.ImportPlan": "agent_id",
    "echanges.ImportElus": "agent_id",
    "echanges.ImportFinances": "agent_id",
}
"""Model → field that holds the number of an account without being a foreign key (rooms below this one)."""

NOMS = (
    Nom("acteurs.Invitation", "invite_par_nom", "invite_par"),
    Nom("acteurs.RegleConservation", "saisie_par_nom"),
    Nom("acteurs.DemandeAppui", "demandee_par_nom", "demandee_par"),
    Nom("reglements.BrouillonReglement", "cree_par_nom"),
    Nom("reglements.ParametreLegal", "saisi_par_nom"),
    Nom("diagnostics.Echange", "auteur_nom", "auteur"),
    Nom("demarches.BrouillonProcessus", "cree_par_nom"),
    Nom("demarches.VersionProcessus", "publiee_par_nom"),
    Nom("demarches.Reunion", "cree_par_nom"),
    Nom("demarches.Reunion", "valide_par_nom", fige="compte rendu validé"),
    Nom("demarches.PieceReunion", "deposee_par_nom"),
    Nom("demarches.Decision", "responsable_nom"),
    Nom("demarches.ContributionSectorielle", "rendue_par_nom"),
    Nom("demarches.QuestionReunion", "preparee_par_nom"),
    Nom("demarches.Creneau", "pris_par_nom"),
    Nom("demarches.Message", "auteur_nom", "auteur"),
    Nom("demarches.Message", "resolu_par_nom"),
    Nom("acteurs.TempsAppui", "agent_nom", "agent"),
    Nom("plans.Fiche", "contact_nom"),
    Nom("plans.Preinstruction", "par_nom"),
    Nom("plans.DerogationRegle", "par_nom", "par"),
    Nom("plans.DerogationRegle", "levee_par_nom"),
    Nom("plans.AvisService", "demande_par_nom", "demande_par"),
    Nom("plans.AvisService", "rendu_par_nom", "agent"),
    Nom("plans.Commentaire", "auteur_nom", "auteur"),
    Nom("plans.Commentaire", "resolu_par_nom"),
    Nom("plans.PieceJointe", "deposee_par_nom"),
    Nom("negociations.Tour", "auteur_nom", "auteur"),
    Nom("negociations.DemandeReserve", "cree_par_nom"),
    Nom("negociations.DemandeReserve", "avis_par_nom"),
    Nom("negociations.DemandeReserve", "decidee_par_nom"),
    Nom("subventions.Dossier", "cree_par_nom"),
    Nom("subventions.Dossier", "depose_par_nom"),
    Nom("subventions.Dossier", "instruit_par_nom"),
    Nom("subventions.PieceDossier", "deposee_par_nom"),
    Nom("subventions.PieceDossier", "examinee_par_nom"),
    Nom("subventions.DemandePiece", "demandee_par_nom"),
    Nom("subventions.DemandePiece", "repondue_par_nom"),
    Nom("subventions.RapportCommission", "cree_par_nom"),
    Nom("contrats.ArticleRedige", "par_nom"),
    Nom("contrats.RemarqueArticle", "auteur_nom", "auteur"),
    Nom("contrats.RemarqueArticle", "resolu_par_nom"),
    Nom("contrats.Avenant", "cree_par_nom"),
    Nom("contrats.FinContrat", "par_nom", fige="acte du contrat"),
    Nom("contrats.VersionContrat", "par_nom", fige="version émise du contrat"),
    Nom("contrats.VersionAvenant", "par_nom", fige="version émise de l’avenant"),
    Nom("contrats.EmplacementSignature", "par_nom", fige="signature recueillie"),
    Nom("subventions.DemandeVersement", "cree_par_nom"),
    Nom("subventions.DemandeVersement", "depose_par_nom"),
    Nom("subventions.DemandeVersement", "certifie_par_nom", fige="certification du service fait"),
    Nom("subventions.DemandeVersement", "paye_par_nom", fige="mise en paiement"),
    Nom("subventions.PieceVersement", "deposee_par_nom"),
    Nom("subventions.Retenue", "par_nom"),
    Nom("subventions.Retenue", "levee_par_nom"),
    Nom("subventions.Reversement", "demande_par_nom"),
    Nom("subventions.Prorogation", "demandee_par_nom"),
    Nom("subventions.Prorogation", "decidee_par_nom"),
    Nom("subventions.LotCaducite", "par_nom", fige="acte de caducité"),
    Nom("subventions.VoteCredits", "par_nom"),
    Nom("subventions.NumeroEngagement", "par_nom"),
    Nom("echanges.ImportFinances", "par_nom"),
    Nom("echanges.LigneFinances", "regle_par_nom"),
    Nom("negociations.Mouvement", "par_nom", fige="registre des crédits, ajout seul"),
    Nom("suivi.SuiviProjet", "point_par_nom"),
    Nom("suivi.PhotoChantier", "deposee_par_nom"),
    Nom("suivi.PointBloquant", "ouvert_par_nom"),
    Nom("suivi.PointBloquant", "clos_par_nom"),
    Nom("suivi.ValeurSuivie", "saisie_par_nom"),
    Nom("suivi.QuestionRendezVous", "retiree_par_nom"),
    Nom("suivi.DossierRendezVous", "genere_par_nom"),
    Nom("suivi.ReponseEvaluation", "redigee_par_nom"),
    Nom("suivi.ReponseEvaluation", "validee_par_nom"),
    Nom("suivi.VersionReponseEvaluation", "ecrite_par_nom"),
    Nom("suivi.CampagneQuestionnaire", "lancee_par_nom"),
    Nom("suivi.SectionRapport", "ecrite_par_nom"),
    Nom("suivi.ClotureContrat", "par_nom", fige="bilan de clôture"),
    Nom("suivi.DestinataireQuestionnaire", "contact_nom"),
    Nom("documents.DocumentEmis", "emis_par_nom", fige="document émis"),
    Nom("documents.GabaritAutorite", "par_nom"),
    Nom("journal.Entree", "auteur_cle", fige="journal chaîné : empreinte du nom, gardé à part"),
)
