"""What is trapped by `test_charges`: every model that holds text, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from arpent.plateforme.acteurs.models import (
    Absence,
    Agent,
    CleAcces,
    DemandeAppui,
    Invitation,
    Mandat,
    Organisation,
    Personne,
    RegleConservation,
    SessionOuverte,
    StructureAppui,
    TempsAppui,
)
from arpent.plateforme.contrats import models as du_contrat
from arpent.plateforme.contrats.models import ArticleRedige, Contrat, Partie, RemarqueArticle, Vote
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.models import (
    BrouillonProcessus,
    Demarche,
    Etape,
    Processus,
    VersionProcessus,
)
from arpent.plateforme.demarches.reunions.models import (
    MembreReunion,
    PieceReunion,
    PointOrdreDuJour,
    Reunion,
)
from arpent.plateforme.demarches.reunions.models_suites import (
    ContributionSectorielle,
    Creneau,
    Decision,
    QuestionReunion,
)
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ConstatTerritorial,
    ContributionAtelier,
    Echange,
    Enjeu,
    ModeleVulnerabilite,
    ParametreFlux,
    Preuve,
    TableAtelier,
)
from arpent.plateforme.documents.models import Charte, DocumentEmis, GabaritAutorite, PoliceCharte
from arpent.plateforme.echanges.models import (
    Abonnement,
    CorrespondanceMemorisee,
    ImportElus,
    ImportFinances,
    ImportPlan,
    Jeton,
    LigneFinances,
    Livraison,
)
from arpent.plateforme.journal.models import AuteurJournal
from arpent.plateforme.negociations.models import (
    Accord,
    DemandeReserve,
    DonneeRepartition,
    EnsembleScenarios,
    Enveloppe,
    JustificationReserve,
    PositionTour,
    Proposition,
    Scenario,
    Tour,
)
from arpent.plateforme.notifications.models import Courriel, ModeleCourriel, Notification
from arpent.plateforme.plans.models import (
    AvisService,
    Axe,
    CadreJuridique,
    Classement,
    Commentaire,
    Deliberation,
    DemarcheFinanceur,
    DerogationRegle,
    Fiche,
    LigneDepense,
    LigneFinancement,
    PieceJointe,
    Preinstruction,
    VueEnregistree,
)
from arpent.plateforme.reglements.models import (
    AideAnterieure,
    BrouillonReglement,
    Dispositif,
    DonneeBeneficiaire,
    Fonds,
    ParametreLegal,
    PolitiqueSectorielle,
    SitePublic,
    Theme,
    VersionReglement,
)
from arpent.plateforme.subventions import models as des_aides
from arpent.plateforme.subventions.models import (
    DemandePiece,
    Dossier,
    FinancementDossier,
    PieceDossier,
    RapportCommission,
)
from arpent.plateforme.suivi.models import (
    CampagneQuestionnaire,
    ClotureContrat,
    DestinataireQuestionnaire,
    DossierRendezVous,
    IndicateurSuivi,
    JalonProjet,
    PhotoChantier,
    PointBloquant,
    QuestionRendezVous,
    ReponseEvaluation,
    SectionRapport,
    SuiviProjet,
    ValeurSuivie,
    VersionReponseEvaluation,
)
from arpent.plateforme.territoires.models import Canton, Commune, Groupement, Territoire, VersionPerimetre

MODELES: tuple[type[models.Model], ...] = (
    Agent, AideAnterieure, Atelier, AvisService, Axe, BrouillonReglement, CadreJuridique, Classement,
    Commentaire, Commune, ConstatTerritorial, Contrat, ContributionAtelier, CorrespondanceMemorisee,
    Deliberation, DemandeAppui, Demarche, DemarcheFinanceur, DerogationRegle, Dispositif, DocumentEmis,
    DonneeBeneficiaire, DonneeRepartition, Echange, Enjeu, Etape, Fiche, Fonds, Groupement, ImportPlan,
    LigneDepense, LigneFinancement, ModeleVulnerabilite, Notification, Organisation, ParametreFlux,
    ParametreLegal, Partie, PieceJointe, PolitiqueSectorielle, Preinstruction, Preuve, Processus,
    Scenario, TableAtelier, Territoire, Theme, VersionPerimetre, VersionReglement, VueEnregistree,
    Accord, PositionTour, Tour, Enveloppe, EnsembleScenarios, DemandeReserve, JustificationReserve,
    Proposition, Vote, ArticleRedige, RemarqueArticle, du_contrat.Avenant, du_contrat.MouvementAvenant,
    du_contrat.CircuitSignature, du_contrat.EmplacementSignature, Charte, du_contrat.FinContrat,
    GabaritAutorite, PoliceCharte, Canton, Personne, Mandat, Courriel, ModeleCourriel, BrouillonProcessus,
    VersionProcessus, Invitation, SessionOuverte, CleAcces, RegleConservation, AuteurJournal,
    Absence, ImportElus, SitePublic,
    Dossier, FinancementDossier, PieceDossier, DemandePiece, RapportCommission,
    Reunion, MembreReunion, PointOrdreDuJour, PieceReunion, Decision, ContributionSectorielle,
    QuestionReunion, Creneau,
    Message, StructureAppui, TempsAppui,
    des_aides.DemandeVersement, des_aides.PieceVersement, des_aides.Retenue, des_aides.Reversement,
    des_aides.Prorogation, des_aides.LotCaducite, des_aides.LigneCaducite, des_aides.VoteCredits,
    des_aides.NumeroEngagement, ImportFinances, LigneFinances,
    Abonnement, Jeton, Livraison,
    SuiviProjet, JalonProjet, PhotoChantier, PointBloquant,
    IndicateurSuivi, ValeurSuivie,
    DossierRendezVous, QuestionRendezVous,
    ReponseEvaluation, VersionReponseEvaluation, CampagneQuestionnaire, DestinataireQuestionnaire,
    SectionRapport, ClotureContrat,
)  # fmt: skip
AILLEURS = {  # the others that hold text, and why nothing is put in them
    **dict.fromkeys(("CodeTemporel", "Essai"), "keyed hashes, an encrypted secret"),
    "Sceau": "fingerprints and a token, made by the machine; its table refuses any change",
    "Entree": "append only: its texts are those of the gestures, trapped by the forms below",
    "Habilitation": "codes of themes, chosen in a list; its reason is trapped by the forms",
    "Mouvement": "append only: written with payloads by `_mouvements_de`",
    "Jeu": "the manifest of the sources, shipped with the application",
    "Place": "one line that the application writes",
    "Battement": "the name of a process of ours, and a date",
    "Soumission": "keys, addresses, and a page already rendered",
    "PieceCourriel": "files made by the application",
    "Vocabulaire": "words taken apart, one by one, from texts that are trapped",
    "VersionAvenant": "frozen from the avenant when it is proposed",
    "VersionContrat": "frozen from the contract, generated again once its texts are trapped",
}
# JSON fields, by who writes their texts: people (trapped), or the application.
JSON_PIEGES = frozenset({
    "BrouillonProcessus.definition", "VersionProcessus.definition",
    "BrouillonReglement.contenu", "Fiche.complements", "Fiche.cadre_strategique", "Fiche.contrats_lies",
    "Fiche.criteres", "Fiche.zonages", "ImportPlan.entetes", "ImportPlan.lignes", "SaisieEnCours.donnees",
    "ImportElus.lignes", "ImportFinances.entetes", "ImportFinances.lignes",
    "StructureAppui.themes", "VersionReglement.contenu", "Vote.ecarts",
    "MouvementAvenant.apres", "ReponseQuestionnaire.reponses",
    "Avenant.raisons",
})  # fmt: skip
JSON_DE_LA_MACHINE = frozenset({
    "Accord.lignes", "Atelier.deroule", "Contour.geometrie", "CorrespondanceMemorisee.correspondance",
    "CorrespondanceMemorisee.entetes", "Deliberation.plan_adopte", "DemandeReserve.constats",
    "DerogationRegle.constat", "Dispositif.modele_contrat", "Dispositif.modele_vulnerabilite",
    "Dispositif.parametres", "DocumentEmis.donnees", "Dossier.calcul", "EmplacementSignature.preuve",
    "EnsembleScenarios.recherche", "Entree.apres", "Entree.avant", "Fiche.quantites", "Fonds.cle_repartition",
    "Fonds.themes", "ImportPlan.correspondance", "ImportPlan.numeros", "ImportPlan.rapport",
    "ImportElus.rapport", "ImportFinances.numeros", "ImportFinances.correspondance",
    "LigneFinances.candidats", "DemandeVersement.calcul",
    "ModeleVulnerabilite.definition", "Preinstruction.constats", "Preinstruction.donnees",
    "Scenario.recherche", "VersionContrat.donnees", "Etape.conditions", "MouvementAvenant.avant",
    "VersionAvenant.donnees", "StructureAppui.genres", "CadreEvaluation.definition",
    "CampagneQuestionnaire.definition",
})  # fmt: skip
# Words of the machine: keys that the code looks up, never typed as text.
MOTS_DE_LA_MACHINE = frozenset({
    "affichage", "categorie", "chemin", "cle", "code", "code_acces", "courriel", "critere", "departement",
    "empreinte", "etat", "fichier", "format", "gabarit", "identite_unique", "indicateur", "nature",
    "password", "plafond_liant", "region", "regle", "reglement", "sha256", "signature", "siren", "siret",
    "slug", "couleur", "debut", "evenement", "evenements", "identifiant", "portees",
    "nonce", "sel", "auteur_cle", "type_mime", "uid", "url", "verdict",
})  # fmt: skip
# JSON that holds texts, by field; the shapes of the others are the machine's.
LISTES_DE_TEXTES = frozenset({"cadre_strategique", "zonages", "contrats_lies", "criteres"})


def champs_de_texte(modele: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for champ in modele._meta.concrete_fields:
        libre = isinstance(champ, models.CharField | models.TextField) and not champ.choices
        if (libre and champ.name not in MOTS_DE_LA_MACHINE) or champ.name in LISTES_DE_TEXTES:
            yield champ
