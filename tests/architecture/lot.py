"""What one démarche of the matrix’s world holds: one object of each kind."""

from __future__ import annotations

from dataclasses import dataclass

from arpent.plateforme.acteurs.models import (
    Absence,
    CleAcces,
    DemandeAppui,
    Designation,
    Habilitation,
    Invitation,
    Mandat,
    Organisation,
    Personne,
    SessionOuverte,
    StructureAppui,
)
from arpent.plateforme.contrats.models import (
    ArticleRedige,
    Avenant,
    CircuitSignature,
    Contrat,
    EmplacementSignature,
    FinContrat,
    MouvementAvenant,
    Partie,
    RemarqueArticle,
    VersionContrat,
    Vote,
)
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.models import BrouillonProcessus, Demarche, Processus
from arpent.plateforme.demarches.reunions import models as des_reunions
from arpent.plateforme.demarches.reunions import models_suites as suites
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ConstatTerritorial,
    Echange,
    Enjeu,
    ModeleVulnerabilite,
    Preuve,
)
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.echanges.models import (
    Abonnement,
    ImportElus,
    ImportFinances,
    ImportPlan,
    Jeton,
    LigneFinances,
    Livraison,
)
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.models import (
    DemandeReserve,
    EnsembleScenarios,
    Enveloppe,
    Scenario,
)
from arpent.plateforme.notifications.models import Courriel, Notification
from arpent.plateforme.plans.models import (
    AvisService,
    Axe,
    Commentaire,
    Deliberation,
    DerogationRegle,
    Fiche,
    PieceJointe,
    VueEnregistree,
)
from arpent.plateforme.reglements.models import (
    BrouillonReglement,
    Dispositif,
)
from arpent.plateforme.subventions.models import (
    DemandePiece,
    DemandeVersement,
    Dossier,
    LotCaducite,
    PieceDossier,
    PieceVersement,
    RapportCommission,
    Retenue,
)
from arpent.plateforme.suivi.models import (
    CampagneQuestionnaire,
    DossierRendezVous,
    IndicateurSuivi,
    InvitationQuestionnaire,
    PhotoChantier,
    PointBloquant,
    QuestionRendezVous,
    ValeurSuivie,
)


@dataclass(frozen=True)
class Passage:
    """A line of the history of a fiche: its number in the journal."""

    entree: int


@dataclass(frozen=True)
class Lot:
    """A démarche and one object of each kind in it."""

    demarche: Demarche
    dispositif: Dispositif
    proprietaire: Organisation
    fiche: Fiche
    brouillon: Fiche
    axe: Axe
    deliberation: Deliberation
    avis: AvisService
    demande_appui: DemandeAppui
    structure_appui: StructureAppui
    message: Message
    correction: Commentaire
    derogation_regle: DerogationRegle
    atelier: Atelier
    constat: ConstatTerritorial
    preuve: Preuve
    echange: Echange
    enjeu: Enjeu
    contrat: Contrat
    partie: Partie
    version_contrat: VersionContrat
    avenant: Avenant
    mouvement_avenant: MouvementAvenant
    fin: FinContrat
    vote: Vote
    circuit: CircuitSignature
    session_ouverte: SessionOuverte
    cle_acces: CleAcces
    jeton_api: Jeton
    abonnement_api: Abonnement
    livraison_api: Livraison
    invitation: Invitation
    emplacement: EmplacementSignature
    document_signe: DocumentEmis
    article_redige: ArticleRedige
    remarque_article: RemarqueArticle
    document: DocumentEmis
    edition: DocumentEmis
    acte_emis: DocumentEmis
    rapport: DocumentEmis
    scenario: Scenario
    ensemble: EnsembleScenarios
    enveloppe: Enveloppe
    demande_reserve: DemandeReserve
    dossier: Dossier
    piece_dossier: PieceDossier
    demande_piece: DemandePiece
    papier_dossier: DocumentEmis
    rapport_commission: RapportCommission
    papier_rapport: DocumentEmis
    demande_versement: DemandeVersement
    piece_versement: PieceVersement
    retenue: Retenue
    lot_caducite: LotCaducite
    export_finances: ImportFinances
    ecriture: LigneFinances
    importation: ImportPlan
    modele_vulnerabilite: ModeleVulnerabilite
    commentaire: Commentaire
    piece: PieceJointe
    passage: Passage
    vue: VueEnregistree
    brouillon_reglement: BrouillonReglement
    processus: Processus
    brouillon_processus: BrouillonProcessus
    entree_reglement: Entree
    courriel: Courriel
    nouvelle: Notification
    personne: Personne
    mandat: Mandat
    habilitation: Habilitation
    absence: Absence
    designation: Designation
    liste_elus: ImportElus
    reunion: des_reunions.Reunion
    point_reunion: des_reunions.PointOrdreDuJour
    piece_reunion: des_reunions.PieceReunion
    decision_reunion: suites.Decision
    membre_reunion: des_reunions.MembreReunion
    contribution_reunion: suites.ContributionSectorielle
    question_reunion: suites.QuestionReunion
    creneau: suites.Creneau
    emis_reunion: DocumentEmis
    photo_chantier: PhotoChantier
    point_bloquant: PointBloquant
    indicateur_suivi: IndicateurSuivi
    valeur_suivie: ValeurSuivie
    rendez_vous: des_reunions.Reunion
    question_rendez_vous: QuestionRendezVous
    dossier_rendez_vous: DossierRendezVous
    rapport_evaluation: DocumentEmis
    campagne_questionnaire: CampagneQuestionnaire
    invitation_questionnaire: InvitationQuestionnaire
