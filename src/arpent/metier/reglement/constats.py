"""What a rule answers: a verdict, its article, its arithmetic, and the most it allows."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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
class Constat:
    """What one rule saw, why, and what it allows.

    `plafond` is the most the authority may give under this rule alone: None when the rule sets no maximum,
    0 when an eligibility rule says no. `calcul` is the arithmetic as one would write it on paper.
    `demonstration` says that a demonstration value was used.
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
