"""The financing plan adds up to the cost, to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.plan_financement import Plan
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.projet import Projet, est_examine
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class PlanEquilibre(Regle):
    """The aid asked is added when the plan has no row for it. The rule sets no maximum."""

    GENRE: ClassVar[str] = "plan_equilibre"
    FAMILLE: ClassVar[Famille] = Famille.PIECES
    DESCRIPTION: ClassVar[str] = "Le plan de financement est égal au coût."
    INTITULE: ClassVar[str] = "Plan de financement équilibré"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        total = Plan(projet.cout_du_plan, projet.financements).total
        if not any(est_examine(f, contexte.financeur) for f in projet.financements):
            total += projet.aide_demandee
        ecart = projet.cout_du_plan - total
        calcul = f"{euros(projet.cout_du_plan)} − {euros(total)} = {euros(ecart)}"
        if ecart == 0:
            return self.constat(Verdict.CONFORME, "Le plan de financement est égal au coût.", calcul=calcul)
        sens = f"il manque {euros(ecart)}" if ecart > 0 else f"il dépasse le coût de {euros(-ecart)}"
        explication = f"Le plan de financement n’est pas égal au coût : {sens}. Corrigez une ligne du plan."
        return self.constat(Verdict.NON_CONFORME, explication, calcul=calcul)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return "Le plan de financement est égal au coût de l’opération."
