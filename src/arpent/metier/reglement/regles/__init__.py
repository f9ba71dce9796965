"""The catalogue of rule kinds. To add one: write its file, give it one entry here."""

from arpent.metier.reglement.regles.base import Regle
from arpent.metier.reglement.regles.beneficiaire_eligible import BeneficiaireEligible
from arpent.metier.reglement.regles.bonification import Bonification
from arpent.metier.reglement.regles.chef_de_file import ChefDeFile
from arpent.metier.reglement.regles.coherence_tva import CoherenceTva
from arpent.metier.reglement.regles.commencement import Commencement
from arpent.metier.reglement.regles.cumul_aides import CumulAides
from arpent.metier.reglement.regles.deliberation_transmise import DeliberationTransmise
from arpent.metier.reglement.regles.fonds_concours import FondsConcours
from arpent.metier.reglement.regles.maturite import Maturite
from arpent.metier.reglement.regles.nature_depense import NatureDepense
from arpent.metier.reglement.regles.participation_minimale import ParticipationMinimale
from arpent.metier.reglement.regles.plafond_aide import PlafondAide
from arpent.metier.reglement.regles.plafond_assiette import PlafondAssiette
from arpent.metier.reglement.regles.plan_equilibre import PlanEquilibre
from arpent.metier.reglement.regles.plancher_aide import PlancherAide
from arpent.metier.reglement.regles.taux_detr import TauxDetr
from arpent.metier.reglement.regles.taux_intervention import TauxIntervention
from arpent.metier.reglement.regles.theme_eligible import ThemeEligible

CATALOGUE: tuple[type[Regle], ...] = (
    ThemeEligible,
    BeneficiaireEligible,
    NatureDepense,
    Maturite,
    TauxIntervention,
    Bonification,
    PlafondAssiette,
    PlafondAide,
    PlancherAide,
    ParticipationMinimale,
    CumulAides,
    ChefDeFile,
    TauxDetr,
    FondsConcours,
    Commencement,
    CoherenceTva,
    PlanEquilibre,
    DeliberationTransmise,
)

GENRES: dict[str, type[Regle]] = {classe.GENRE: classe for classe in CATALOGUE}

__all__ = ["GENRES", "Regle"]
