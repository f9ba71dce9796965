"""What the règlement in force says of the candidates together, read for the optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.reglement import AideAnterieure
from arpent.metier.scenarios.optimisation import Candidat
from arpent.metier.scenarios.optimisation.probleme import Contrainte
from arpent.metier.scenarios.plafonds import ProjetLu, contraintes_du_reglement
from arpent.plateforme.plans.lot import FicheLue, Lot
from arpent.plateforme.plans.preinstruction import projet_de, reglement_du_lot

from ..imputations import Ouverts


@dataclass(frozen=True, slots=True)
class LotLu:
    """The fiches of one démarche as the règlement reads them, its funds, and which pays each fiche (pk)."""

    lot: Lot
    ouverts: Ouverts
    payeurs: Mapping[int, str]


def _anterieures(lot: Lot, fiche: FicheLue, candidats: Mapping[str, Candidat]) -> tuple[AideAnterieure, ...]:
    """The aids the owner already has, those of the candidates left out: they are what is being chosen."""
    cle = (fiche.maitre_ouvrage_id, fiche.dispositif_id or 0)
    engagees = (e for e in lot.engagees.get(cle, ()) if str(e.pk) not in candidats)
    return (
        *lot.aides.get(cle, ()),
        *(replace(e.aide, annee=e.annee or lot.le.year) for e in engagees),
    )


def contraintes_reglementaires(
    lots: Sequence[LotLu], candidats: Sequence[Candidat], enveloppe: Decimal | None
) -> tuple[Contrainte, ...]:
    """Ceilings and numbers by owner and period, reserved shares; none without a règlement. No query, unless
    a rule reads the classes. `enveloppe`: the amount typed for all the funds, the main one taking the rest.
    """
    par_id = {c.identifiant: c for c in candidats}
    lus: list[ProjetLu] = []
    reglement = None
    enveloppes: dict[str, Decimal] = {}
    for lu in lots:
        reglement = reglement or reglement_du_lot(lu.lot)
        principal = lu.ouverts.principal
        for fonds in lu.ouverts.fonds:
            if enveloppe is not None and principal is not None and fonds.code == principal.code:
                autres = (lu.ouverts.montant or ZERO) - (fonds.montant or ZERO)
                enveloppes[fonds.code] = max(enveloppe - autres, ZERO)
            elif fonds.montant is not None:
                enveloppes[fonds.code] = enveloppes.get(fonds.code, ZERO) + fonds.montant
        for fiche in lu.lot.fiches:
            candidat = par_id.get(str(fiche.pk))
            if candidat is None:
                continue
            projet = projet_de(lu.lot, fiche)
            anterieures = _anterieures(lu.lot, fiche, par_id)
            payeur = lu.payeurs.get(fiche.pk or 0, "")
            lus.append(ProjetLu(candidat, projet, str(fiche.maitre_ouvrage_id), anterieures, payeur))
    return contraintes_du_reglement(reglement, lus, enveloppes) if reglement else ()
