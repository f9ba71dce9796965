"""What the rules know besides the project: the day, the authority, and what other rules prepared."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement.parametres import LIVRES, ParametresLegaux
from arpent.metier.reglement.projet import (
    LIBELLES_BENEFICIAIRE,
    LIBELLES_MATURITE,
    LIBELLES_NATURE,
    LIBELLES_POSTE,
    Projet,
)

_LIBELLES_CONNUS = {**LIBELLES_BENEFICIAIRE, **LIBELLES_MATURITE, **LIBELLES_NATURE, **LIBELLES_POSTE}


def nommer(code: str, libelles: Mapping[str, str]) -> str:
    """Label of a code: from the règlement (theme, class…), else the common vocabulary, else the code."""
    return libelles.get(code) or _LIBELLES_CONNUS.get(code) or code


@dataclass(frozen=True, slots=True)
class Contexte:
    """Handed to each rule. `bonus` (rate, added), `coefficient` (multiplied), `taux_maximal` and
    `plafond_assiette` (euros) are prepared by the rules that set them; `aide_possible` is the smallest cap,
    known only to the rules evaluated after the caps; `parametres` is the table of the law."""

    le: date
    financeur: Financeur
    libelles: Mapping[str, str] = field(default_factory=dict)
    bonus: Decimal = Decimal(0)
    coefficient: Decimal = Decimal(1)
    taux_maximal: Decimal = Decimal(1)
    plafond_assiette: Decimal | None = None
    aide_possible: Decimal = ZERO
    parametres: ParametresLegaux = LIVRES

    def nommer(self, code: str) -> str:
        return nommer(code, self.libelles)

    def assiette_retenue(self, projet: Projet) -> Decimal:
        """The base of the rate: the eligible base, within the ceiling of the règlement."""
        if self.plafond_assiette is None:
            return projet.assiette_eligible
        return min(projet.assiette_eligible, self.plafond_assiette)

    def limiter_assiette(self, montant: Decimal) -> "Contexte":
        """The same, with a base of at most `montant` euros; of several limits the smallest holds."""
        if self.plafond_assiette is not None and self.plafond_assiette <= montant:
            return self
        return replace(self, plafond_assiette=montant)

    def annee(self, projet: Projet) -> int:
        """The civil year of the file: its own, else that of the examination."""
        return projet.annee if projet.annee is not None else self.le.year
