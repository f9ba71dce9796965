"""Legal parameters: dated and sourced, apart from the formulas that use them.

A threshold of the law is never written in a formula. When it moves, a line is added here with the date and
the text; past pré-instructions keep the value of their date. A bill that lowers the owner's minimum share to
5 % for some small communes was before Parliament in 2025; its adoption could not be confirmed, so it has no
line.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ParametreDate:
    """A value of the law over a period; `jusqu_a` is its last day, None while it is in force."""

    code: str
    libelle: str
    valeur: Decimal
    depuis: date
    jusqu_a: date | None
    source: str

    def vaut(self, le: date) -> bool:
        return self.depuis <= le and (self.jusqu_a is None or le <= self.jusqu_a)


PARTICIPATION_MINIMALE = "participation_minimale"
PARTICIPATION_CHEF_DE_FILE = "participation_chef_de_file"
CUMUL_AIDES_ETAT = "cumul_aides_etat"

# The texts were read in their 2014-2015 wording: the start dates are those of a certain application, not of
# the first adoption. To be confirmed against the consolidated code before changing them.
PARAMETRES: tuple[ParametreDate, ...] = (
    ParametreDate(
        PARTICIPATION_MINIMALE,
        "Participation minimale du maître d’ouvrage public",
        Decimal("0.20"),
        date(2015, 1, 1),
        None,
        "CGCT, art. L1111-10, III",
    ),
    ParametreDate(
        PARTICIPATION_CHEF_DE_FILE,
        "Participation minimale du maître d’ouvrage dans une compétence à chef de file",
        Decimal("0.30"),
        date(2015, 1, 1),
        None,
        "CGCT, art. L1111-9, I",
    ),
    ParametreDate(
        CUMUL_AIDES_ETAT,
        "Cumul maximal des aides publiques directes avec la DETR ou la DSIL",
        Decimal("0.80"),
        date(2015, 1, 1),
        None,
        "CGCT, art. R2334-27",
    ),
)

MOTIFS_DEROGATION: tuple[str, ...] = (
    "rénovation du patrimoine (protégé ou non)",
    "dégâts de calamités publiques",
    "eau potable",
    "assainissement",
    "déchets",
    "défense contre l’incendie de forêt",
    "voirie communale",
    "ponts et ouvrages d’art",
    "biodiversité",
)


def parametre_au(code: str, le: date) -> ParametreDate | None:
    """The parameter in force at that date, or None."""
    return next((p for p in PARAMETRES if p.code == code and p.vaut(le)), None)


def valeur_au(code: str, le: date) -> Decimal | None:
    """Its value at that date, or None when the law has none known here."""
    parametre = parametre_au(code, le)
    return None if parametre is None else parametre.valeur
