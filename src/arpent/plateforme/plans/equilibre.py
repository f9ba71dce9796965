"""Whether a financing plan adds up, said to the cent. Nothing is ever adjusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement import Financement, Financeur
from arpent.metier.reglement.projet import est_examine
from arpent.plateforme.acteurs.models import Organisation

AUTORITES = {
    Organisation.Nature.DEPARTEMENT.value: Financeur.DEPARTEMENT,
    Organisation.Nature.REGION.value: Financeur.REGION,
    Organisation.Nature.ETAT.value: Financeur.ETAT,
}


@dataclass(frozen=True, slots=True)
class Equilibre:
    """Cost, money found, and the aid asked when no row of the plan carries it. `ecart`: cost minus money."""

    cout: Decimal
    total: Decimal
    aide_hors_plan: Decimal
    saisi: bool

    @property
    def ecart(self) -> Decimal:
        return self.cout - self.total

    @property
    def est_atteint(self) -> bool:
        return self.saisi and self.cout > 0 and self.ecart == 0

    @property
    def phrase(self) -> str:
        """The title of the plan, in French."""
        if not self.saisi:
            return "Le plan de financement est à saisir"
        if self.ecart == 0:
            return "Le plan de financement est équilibré"
        if self.ecart > 0:
            return f"Il manque {formater_euros(self.ecart)} au plan de financement"
        return f"Le plan de financement dépasse le coût de {formater_euros(-self.ecart)}"


def equilibre(
    cout: Decimal, aide_demandee: Decimal, financements: Sequence[Financement], nature_autorite: str
) -> Equilibre:
    """The plan of a fiche asked to an authority of that nature (`Organisation.nature`)."""
    autorite = AUTORITES.get(nature_autorite, Financeur.AUTRE_PUBLIC)
    dans_le_plan = any(est_examine(f, autorite) for f in financements)
    hors_plan = ZERO if dans_le_plan else aide_demandee
    total = sum((f.montant for f in financements if f.est_compte), hors_plan)
    return Equilibre(cout, total, hors_plan, bool(financements) or bool(aide_demandee))
