"""What a rule answers: a verdict, its article, its arithmetic, and the most it allows."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arpent.metier.plan_financement import exiger_montant


class Verdict(StrEnum):
    """Answer of a rule, or of a whole pré-instruction."""

    CONFORME = "conforme"
    NON_CONFORME = "non_conforme"
    A_VERIFIER = "a_verifier"
    SANS_OBJET = "sans_objet"


LIBELLES_VERDICT: dict[Verdict, str] = {
    Verdict.CONFORME: "Conforme",
    Verdict.NON_CONFORME: "Non conforme",
    Verdict.A_VERIFIER: "À vérifier",
    Verdict.SANS_OBJET: "Sans objet",
}


@dataclass(frozen=True, slots=True)
class DerogationRegle:
    """A rule set aside for one project: who decided it, when, why. `plafond` (euros) is the cap put in its
    place; None: none. Raises ValueError (French) without a name or a reason."""

    par: str
    le: datetime.date
    motif: str
    plafond: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.par.strip() or not self.motif.strip():
            raise ValueError("Une dérogation demande le nom de qui la décide et son motif.")
        if self.plafond is not None:
            exiger_montant(self.plafond, "Le plafond de la dérogation")


@dataclass(frozen=True, slots=True)
class Constat:
    """What one rule saw, why, and what it allows.

    `plafond` is the most the authority may give under this rule alone: None when the rule sets no maximum,
    0 when an eligibility rule says no. `calcul` is the arithmetic as one would write it on paper.
    `demonstration` says that a demonstration value was used. `derogation` stays on the constat for ever.
    """

    regle: str
    article: str
    intitule: str
    verdict: Verdict
    explication: str
    calcul: str = ""
    plafond: Decimal | None = None
    source: str = ""
    demonstration: bool = False
    derogation: DerogationRegle | None = None
