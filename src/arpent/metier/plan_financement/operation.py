"""An operation as the law of co-financing sees it: the plan, the thresholds in force, the caps of the
funders.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement.financeurs import Financeur, StatutFinancement
from arpent.metier.plan_financement.plan import Financement, Plan, exiger_montant

_DETR = re.compile(r"\bDETR\b|dotation d.[ée]quipement", re.IGNORECASE)
_DOTATION = re.compile(
    r"\bDETR\b|\bDSIL\b|dotation (d.[ée]quipement|de soutien)|^(l.)?[ée]tat$", re.IGNORECASE
)


def est_dotation(financement: Financement) -> bool:
    """True for a counted row of the State that is, or may be, DETR or DSIL: it names one, or names no
    scheme.
    """
    if financement.financeur is not Financeur.ETAT or not financement.est_compte:
        return False
    return not financement.libelle.strip() or bool(_DOTATION.search(financement.libelle.strip()))


def est_detr(financement: Financement) -> bool:
    """True for a counted row of the State that names the DETR."""
    return est_dotation(financement) and bool(_DETR.search(financement.libelle))


@dataclass(frozen=True, slots=True)
class Seuil:
    """A threshold of the law in force that day, and its article."""

    valeur: Decimal
    article: str


@dataclass(frozen=True, slots=True)
class Plafond:
    """The most one funder may give to the operation, all its rows together, whatever the others give."""

    financeur: Financeur
    montant: Decimal
    article: str
    calcul: str = ""

    def __post_init__(self) -> None:
        exiger_montant(self.montant, "Le plafond d’un financeur")


@dataclass(frozen=True, slots=True)
class Operation:
    """What the solver needs. Amounts are euros on the basis of the plan (HT, or TTC with `fctva`).

    `minimum`: the owner's least share of the public financing, None when the law sets none (regime outside
    the rule). `cumul`: the most all public aids may reach over `assiette` as soon as the State gives
    something; None when its rows are neither DETR nor DSIL. `concours`: the funder whose money is a fonds de
    concours, None when there is none; its share of the remainder is `part_concours`. `concours_public` False
    leaves it out of the public financing, as private money is. `fctva`: what comes back to an owner that
    reasons TTC, None when the rate is not known. `exclusion`: the article that forbids money of the Région
    together with money of a Département, or "".
    """

    plan: Plan
    minimum: Seuil | None = None
    cumul: Seuil | None = None
    assiette: Decimal = ZERO
    concours: Financeur | None = None
    part_concours: Seuil | None = None
    concours_public: bool = True
    fctva: Decimal | None = ZERO
    exclusion: str = ""
    plafonds: tuple[Plafond, ...] = ()

    def __post_init__(self) -> None:
        exiger_montant(self.assiette, "L’assiette")
        if self.concours is not None and not self.concours.est_aide_publique:
            raise ValueError("Un fonds de concours vient d’une autre collectivité que le maître d’ouvrage.")

    @property
    def financeurs(self) -> tuple[Financeur, ...]:
        """The public funders of the plan, refused ones included, in the order of the enumeration."""
        presents = {f.financeur for f in self.plan.financements}
        return tuple(f for f in Financeur if f.est_aide_publique and f in presents)

    def acquis(self, financeur: Financeur) -> Decimal:
        """Money already granted by this funder: it never moves."""
        return self._total(financeur, acquis=True)

    def demande(self, financeur: Financeur) -> Decimal:
        """Money asked or envisaged: what the solver may move."""
        return self._total(financeur, acquis=False)

    def _total(self, financeur: Financeur, *, acquis: bool) -> Decimal:
        return sum(
            (
                f.montant
                for f in self.plan.comptes
                if f.financeur is financeur and (f.statut is StatutFinancement.ACQUIS) is acquis
            ),
            ZERO,
        )
