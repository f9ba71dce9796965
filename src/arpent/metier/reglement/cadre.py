"""The legal frame of an operation: what a person records once, and that changes which rule of the law
applies.
"""

from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.plan_financement import exiger_montant

REGIMES: dict[str, str] = {
    "": "régime commun",
    "anru": "rénovation urbaine (loi 2003-710, article 9)",
    "cper": "opération du contrat de plan État-Région",
    "outre_mer": "outre-mer",
    "corse_reseaux": "réseaux d’une intercommunalité de Corse",
}
"""Regimes of CGCT L1111-10. All but the common one and Corsica are outside the minimum share."""

HORS_PARTICIPATION = frozenset({"anru", "cper", "outre_mer"})


@dataclass(frozen=True, slots=True)
class CadreJuridique:
    """None means that nobody has said. Amounts are euros.

    `chef_de_file`: the operation lies in a competence with a chef de file (CGCT L1111-9). `regime`: a key of
    REGIMES. `plan_ttc`: the rows of the plan finance the cost TTC. `fctva`: the owner gets the FCTVA on it.
    `sans_travaux`: studies or land only, which may start before the file is complete. `votes_concordants`:
    both assemblies voted the fonds de concours.
    """

    chef_de_file: bool | None = None
    regime: str = ""
    plan_ttc: bool = False
    cout_ttc: Decimal | None = None
    fctva: bool | None = None
    sans_travaux: bool = False
    votes_concordants: bool | None = None

    def __post_init__(self) -> None:
        if self.regime not in REGIMES:
            raise ValueError(f"Régime inconnu : « {self.regime} ».")
        if self.cout_ttc is not None:
            exiger_montant(self.cout_ttc, "Le coût TTC")


CADRE_COMMUN = CadreJuridique()
"""Nothing special was said."""
