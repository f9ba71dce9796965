"""The catalogue of rule kinds. To add one: write its file, give it one entry here."""

from arpent.metier.reglement.regles.autofinancement_minimal import AutofinancementMinimal
from arpent.metier.reglement.regles.base import Regle
from arpent.metier.reglement.regles.beneficiaire_eligible import BeneficiaireEligible
from arpent.metier.reglement.regles.bonification import Bonification
from arpent.metier.reglement.regles.categorie_eligible import CategorieEligible
from arpent.metier.reglement.regles.chef_de_file import ChefDeFile
from arpent.metier.reglement.regles.coefficient import Coefficient
from arpent.metier.reglement.regles.coherence_tva import CoherenceTva
from arpent.metier.reglement.regles.commencement import Commencement
from arpent.metier.reglement.regles.condition_requise import ConditionRequise
from arpent.metier.reglement.regles.cumul_aides import CumulAides
from arpent.metier.reglement.regles.deliberation_transmise import DeliberationTransmise
from arpent.metier.reglement.regles.depenses_exclues import DepensesExclues
from arpent.metier.reglement.regles.dossiers_classes import DossiersClasses
from arpent.metier.reglement.regles.droit_tirage import DroitTirage
from arpent.metier.reglement.regles.enveloppe_disponible import EnveloppeDisponible
from arpent.metier.reglement.regles.etalement import Etalement
from arpent.metier.reglement.regles.exclusion import Exclusion
from arpent.metier.reglement.regles.fin_de_vigueur import FinDeVigueur
from arpent.metier.reglement.regles.fonds_concours import FondsConcours
from arpent.metier.reglement.regles.forfait import Forfait
from arpent.metier.reglement.regles.maturite import Maturite
from arpent.metier.reglement.regles.nature_depense import NatureDepense
from arpent.metier.reglement.regles.nombre_projets import NombreProjets
from arpent.metier.reglement.regles.participation_minimale import ParticipationMinimale
from arpent.metier.reglement.regles.pieces_requises import PiecesRequises
from arpent.metier.reglement.regles.plafond_aide import PlafondAide
from arpent.metier.reglement.regles.plafond_assiette import PlafondAssiette
from arpent.metier.reglement.regles.plafond_assiette_periode import PlafondAssiettePeriode
from arpent.metier.reglement.regles.plafond_financeur import PlafondFinanceur
from arpent.metier.reglement.regles.plafond_periode import PlafondPeriode
from arpent.metier.reglement.regles.plafond_taux import PlafondTaux
from arpent.metier.reglement.regles.plafond_unitaire import PlafondUnitaire
from arpent.metier.reglement.regles.plan_equilibre import PlanEquilibre
from arpent.metier.reglement.regles.plancher_aide import PlancherAide
from arpent.metier.reglement.regles.poste_ingenierie import PosteIngenierie
from arpent.metier.reglement.regles.precedent_solde import PrecedentSolde
from arpent.metier.reglement.regles.quota_enveloppe import QuotaEnveloppe
from arpent.metier.reglement.regles.taille_projet import TailleProjet
from arpent.metier.reglement.regles.taux_detr import TauxDetr
from arpent.metier.reglement.regles.taux_intervention import TauxIntervention
from arpent.metier.reglement.regles.theme_eligible import ThemeEligible
from arpent.metier.reglement.regles.tranches_enveloppe import TranchesEnveloppe

# In the order in which an editor offers them.
CATALOGUE: tuple[type[Regle], ...] = (
    ThemeEligible,
    CategorieEligible,
    BeneficiaireEligible,
    NatureDepense,
    Maturite,
    TailleProjet,
    ConditionRequise,
    Exclusion,
    PosteIngenierie,
    FinDeVigueur,
    TauxIntervention,
    Bonification,
    Coefficient,
    PlafondTaux,
    Forfait,
    PlafondAssiette,
    PlafondAssiettePeriode,
    PlafondUnitaire,
    DepensesExclues,
    PlafondAide,
    PlafondPeriode,
    PlafondFinanceur,
    AutofinancementMinimal,
    PlancherAide,
    NombreProjets,
    DossiersClasses,
    PrecedentSolde,
    Etalement,
    DroitTirage,
    EnveloppeDisponible,
    QuotaEnveloppe,
    TranchesEnveloppe,
    PlanEquilibre,
    DeliberationTransmise,
    PiecesRequises,
    ParticipationMinimale,
    CumulAides,
    ChefDeFile,
    TauxDetr,
    FondsConcours,
    Commencement,
    CoherenceTva,
)

GENRES: dict[str, type[Regle]] = {classe.GENRE: classe for classe in CATALOGUE}

__all__ = ["CATALOGUE", "GENRES", "Regle"]
