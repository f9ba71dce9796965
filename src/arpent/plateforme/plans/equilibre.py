"""Whether a financing plan adds up, said to the cent. Nothing is ever adjusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement.projet import est_examine
from arpent.plateforme.acteurs.models import Organisation

from .models import Fiche

AUTORITES = {
    Organisation.Nature.DEPARTEMENT.value: Financeur.DEPARTEMENT,
    Organisation.Nature.REGION.value: Financeur.REGION,
    Organisation.Nature.ETAT.value: Financeur.ETAT,
}


@dataclass(frozen=True, slots=True)
class Equilibre:
    """Cost, money found, and the aid asked when no row of the plan carries it. `ecart`: cost minus money.

    `accordee`: the aid agreed; it then counts instead of the one asked, wherever that one is written.
    """

    cout: Decimal
    total: Decimal
    aide_hors_plan: Decimal
    saisi: bool
    accordee: Decimal | None = None
    autorite: Financeur = Financeur.AUTRE_PUBLIC

    def remplace(self, financeur: str, statut: str) -> bool:
        """Whether a row is the aid asked, that the aid agreed counts instead of."""
        ligne = Financement(Financeur(financeur), "", ZERO, StatutFinancement(statut))
        return self.accordee is not None and est_examine(ligne, self.autorite)

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
    cout: Decimal,
    aide_demandee: Decimal,
    financements: Sequence[Financement],
    nature_autorite: str,
    accordee: Decimal | None = None,
) -> Equilibre:
    """The plan of a fiche asked to an authority of that nature (`Organisation.nature`)."""
    autorite = AUTORITES.get(nature_autorite, Financeur.AUTRE_PUBLIC)
    comptes = [f for f in financements if f.est_compte]
    examines = [f for f in comptes if est_examine(f, autorite)]
    if accordee is not None:
        total = sum((f.montant for f in comptes if f not in examines), accordee)
        return Equilibre(cout, total, ZERO, saisi=True, accordee=accordee, autorite=autorite)
    hors_plan = ZERO if examines else aide_demandee
    total = sum((f.montant for f in comptes), hors_plan)
    return Equilibre(cout, total, hors_plan, bool(financements) or bool(aide_demandee))


def equilibre_de(fiche: Fiche, financements: Sequence[Financement]) -> Equilibre:
    """The same for a stored fiche, with what it was granted. No query when its démarche is loaded."""
    nature = fiche.demarche.autorite.nature
    return equilibre(fiche.cout_ht, fiche.aide_demandee, financements, nature, fiche.aide_engagee)
