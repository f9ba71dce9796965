"""The catalogue of rule kinds. To add one: write its file, give it one entry here."""

from arpent.metier.reglement.regles.base import Regle
from arpent.metier.reglement.regles.beneficiaire_eligible import BeneficiaireEligible
from arpent.metier.reglement.regles.bonification import Bonification
from arpent.metier.reglement.regles.cumul_aides import CumulAides
from arpent.metier.reglement.regles.deliberation_transmise import DeliberationTransmise
from arpent.metier.reglement.regles.maturite import Maturite
from arpent.metier.reglement.regles.nature_depense import NatureDepense
from arpent.metier.reglement.regles.participation_minimale import ParticipationMinimale
from arpent.metier.reglement.regles.plafond_aide import PlafondAide
from arpent.metier.reglement.regles.plafond_assiette import PlafondAssiette
from arpent.metier.reglement.regles.plan_equilibre import PlanEquilibre
from arpent.metier.reglement.regles.plancher_aide import PlancherAide
from arpent.metier.reglement.regles.taux_intervention import TauxIntervention
from arpent.metier.reglement.regles.theme_eligible import ThemeEligible

GENRES: dict[str, type[Regle]] = {
    "theme_eligible": ThemeEligible,
    "beneficiaire_eligible": BeneficiaireEligible,
    "nature_depense": NatureDepense,
    "maturite": Maturite,
    "taux_intervention": TauxIntervention,
    "bonification": Bonification,
    "plafond_assiette": PlafondAssiette,
    "plafond_aide": PlafondAide,
    "plancher_aide": PlancherAide,
    "participation_minimale": ParticipationMinimale,
    "cumul_aides": CumulAides,
    "plan_equilibre": PlanEquilibre,
    "deliberation_transmise": DeliberationTransmise,
}

__all__ = ["GENRES", "Regle"]
